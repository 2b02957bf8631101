/* The drafting form's editor: gives its text area the label of its field, and its style element the page's nonce. */
(function () {
  "use strict";
  var nonce = document.currentScript.nonce;
  var style = document.createElement("style"); /* the editor finds it and adds none without a nonce */
  style.setAttribute("nonce", nonce);
  style.setAttribute("data-tiptap-style", "");
  document.head.append(style);

  document.addEventListener("prose-editor:ready", function (event) {
    var area = event.detail.textarea;
    var text = event.detail.editor.view.dom;
    var label = document.querySelector('label[for="' + area.id + '"]');
    text.setAttribute("role", "textbox");
    text.setAttribute("aria-multiline", "true");
    if (label) {
      label.id = label.id || area.id + "_label";
      text.setAttribute("aria-labelledby", label.id);
      label.addEventListener("click", function () { event.detail.editor.commands.focus(); });
    }
    var described = area.getAttribute("aria-describedby");
    if (described) { text.setAttribute("aria-describedby", described); }
  });
})();
