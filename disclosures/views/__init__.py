"""Pages of the board; each starts from `visible_to` and decides nothing itself."""
