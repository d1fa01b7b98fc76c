"""What a browser is answered before it sends a request for a page of another host (Fetch §3.2)."""

PREFLIGHT = {
    "Access-Control-Allow-Headers": "*, Authorization",  # which the asterisk does not mean
    "Access-Control-Max-Age": "86400",  # seconds for which it need not ask again
}
