"""Wiring of the portal: settings, addresses, error pages, site-wide context and the commands that need every room."""
