"""A bot: the chat server POSTs what a visitor writes, and posts what is answered."""
import base64, hashlib, hmac, json, os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ.get("PORT", "8082"))
KEY = base64.b64decode(os.environ["SHOP_BOT_SECRET"].removeprefix("whsec_"))


def is_signed(headers, body):
    """https://www.standardwebhooks.com: signed by the chat server, within the last five minutes."""
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        return False
    signed = f"{headers.get('webhook-id')}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").encode()
    return any(hmac.compare_digest(one, expected.encode()) for one in given.split(b" "))


def answer(delivery):
    # Further types may come.
    if delivery["type"] != "message":
        return {}
    words = delivery["message"]["text"].lower()
    visitor = delivery["visitor"]
    if "human" in words:
        return {"messages": [{"text": "An agent will be with you."}], "handOver": True}
    if "order" not in words:
        return {"messages": [{"text": "Ask me about your order, or for a human."}]}
    # The same message comes again once the visitor has signed in.
    if not visitor["verified"]:
        return {"messages": [{"login": {"text": "Please sign in, to see your orders."}}]}
    return {"messages": [{"text": f"{visitor['userIdentifier']}: your order is on its way."}]}


class Bot(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        signed = is_signed(self.headers, body)
        self.send_response(200 if signed else 401)
        self.send_header("content-type", "application/json")
        self.end_headers()
        if signed:
            self.wfile.write(json.dumps(answer(json.loads(body))).encode())


server = ThreadingHTTPServer(("127.0.0.1", PORT), Bot)
print(f"bot on http://127.0.0.1:{server.server_port}/", flush=True)
server.serve_forever()
