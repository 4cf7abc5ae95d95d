"""A chat completions server that answers every request after 200 ms, and does nothing else.

Writes its port to the file named on the command line. One asyncio loop, no framework, so that it is no
part of what is measured.
"""
import asyncio
import json
import sys

BODY = json.dumps({
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "An answer. " * 20},
                 "finish_reason": "stop", "logprobs": None}],
    "usage": {"prompt_tokens": 400, "completion_tokens": 60, "total_tokens": 460},
}).encode()
REPLY = (b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
         + str(len(BODY)).encode() + b"\r\n\r\n" + BODY)


class Chat(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""

    def data_received(self, data):
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            length = 0
            for line in self.buffer[:end].split(b"\r\n"):
                if line[:15].lower() == b"content-length:":
                    length = int(line[15:])
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length:]
            asyncio.get_running_loop().call_later(0.2, self.answer)

    def answer(self):
        if not self.transport.is_closing():
            self.transport.write(REPLY)


async def main():
    server = await asyncio.get_running_loop().create_server(Chat, "127.0.0.1", 0, backlog=1024)
    with open(sys.argv[1], "w") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


asyncio.run(main())
