"""Reading Word documents: numbering, structure, HTML. Knows nothing of Django, for it runs in a process of its own."""
