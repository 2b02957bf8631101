"""The append-only trail: events, the triggers that keep them, the verifier and the timeline."""
