"""Commands that set up, run and test the portal."""
