-- What scripts/overload.py has wrk do: ask one address after another, count what comes back.
-- Arguments: milliseconds between an answer and the next request of a connection, Host, file with one path a line, and
-- how many of them were asked for before.
local held

function setup(thread) held = thread end

function init(arguments)
  pause, paths, turn, asked = tonumber(arguments[1]), {}, tonumber(arguments[4]), 0
  local headers = { ["Host"] = arguments[2], ["Accept-Encoding"] = "gzip" }
  for path in io.lines(arguments[3]) do table.insert(paths, wrk.format("GET", path, headers)) end
  good, refused, said_when, other, first, each, line = 0, 0, 0, 0, os.time(), {}, ""
end

if os.getenv("OVERLOAD_FLOOD") then
  function delay() return math.random(0, 2 * pause) end
end

function request()
  turn, asked = turn % #paths + 1, asked + 1
  return paths[turn]
end

function response(status, headers)
  local second = os.time() - first
  each[second] = each[second] or { 0, 0 }
  if status == 200 then
    good = good + 1
    each[second][1] = each[second][1] + 1
  elseif status == 503 then
    refused = refused + 1
    each[second][2] = each[second][2] + 1
    if headers["Retry-After"] then said_when = said_when + 1 end
  else
    other = other + 1
  end
  if second ~= last then  -- once a second: tables do not cross to done()
    last, line = second, ""
    for past = 0, second - 1 do
      local counts = each[past] or { 0, 0 }
      line = line .. (past > 0 and "," or "") .. "[" .. counts[1] .. "," .. counts[2] .. "]"
    end
  end
end

function done(summary)
  local errors = summary.errors
  io.write(string.format(
    '\nFIGURES {"good":%d,"refused":%d,"said_when":%d,"other":%d,"broken":%d,"seconds":%f,"asked":%d,"each":[%s]}\n',
    held:get("good"), held:get("refused"), held:get("said_when"), held:get("other"),
    errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6, held:get("asked"), held:get("line")))
end
