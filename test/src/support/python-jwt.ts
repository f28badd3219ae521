/** `jwt.encode` of PyJWT, as far as the guide uses it, built from Python's standard library. */
export const PYJWT = `
import base64, hashlib, hmac, json
def part(data): return base64.urlsafe_b64encode(data).rstrip(b"=")
def encode(payload, key, algorithm):
    assert algorithm == "HS256"
    text = part(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()) + b"." + part(json.dumps(payload).encode())
    return (text + b"." + part(hmac.new(key.encode(), text, hashlib.sha256).digest())).decode()
`
