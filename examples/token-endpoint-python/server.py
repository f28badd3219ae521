"""POST /chat-token: who is signed in at your site, as a token that the chat server verifies."""
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import os, time, jwt

def chat_token(customer_id):
    now = int(time.time())
    claims = {"sub": customer_id, "iss": "https://shop.example.com", "aud": "chat", "iat": now, "exp": now + 600}
    return jwt.encode(claims, os.environ["SHOP_JWT_SECRET"], algorithm="HS256")


def customer_of(_request):
    """Stands for your login's cookie, or None; never for anything that the request says."""
    return "alex@example.com"


class TokenEndpoint(BaseHTTPRequestHandler):
    def do_POST(self):
        customer_id = customer_of(self)
        is_here = self.path.split("?")[0] == "/chat-token"
        self.send_response(404 if not is_here else 401 if customer_id is None else 200)
        self.send_header("content-type", "application/json")
        self.send_header("cache-control", "no-store")
        self.end_headers()
        if is_here and customer_id is not None:
            self.wfile.write(json.dumps({"token": chat_token(customer_id)}).encode())


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8081"))), TokenEndpoint)
print(f"tokens on http://127.0.0.1:{server.server_port}/chat-token", flush=True)
server.serve_forever()
