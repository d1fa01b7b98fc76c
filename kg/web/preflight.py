"""What a browser is told before it sends a request for a page of another host (Fetch §3.2)."""

PREFLIGHT_HEADERS = "Accept, Accept-Language, Authorization, Content-Type, If-Match, If-None-Match"
PREFLIGHT_SECONDS = "86400"  # for which it need not ask again
