"""Django's PostgreSQL, with a cheaper look at whether a connection kept from an earlier request still stands."""
