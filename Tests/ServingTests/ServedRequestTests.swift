import HTTP
import Testing

@testable import Serving

@Suite struct ServedRequestTests {
    @Test func readsCookies() {
        let request = ServedRequest(headers: ["cookie": "a=1; b=x=y;c=; broken; a=2;  d=\"q\""])
        #expect(request.cookies == ["a": "1", "b": "x=y", "c": "", "d": "\"q\""])
        #expect(ServedRequest().cookies.isEmpty)
    }

    @Test func readsForms() {
        func form(_ text: String, type: String = "application/x-www-form-urlencoded; charset=utf-8")
            -> [String: String]?
        {
            ServedRequest(.post, headers: ["Content-Type": type], body: Array(text.utf8))
                .form(fieldLimit: 2)
        }
        #expect(form("reason=not+so%0D%0Agood%26&x=") == ["reason": "not so\r\ngood&", "x": ""])
        #expect(form("") == [:])
        #expect(form("a=1&b=2&c=3") == nil)
        #expect(form("a=1&a=2") == nil)
        #expect(form("a=1", type: "text/plain") == nil)
    }

    @Test func describesHeadersWithoutTheirValues() {
        let request = ServedRequest(headers: ["Cookie": "session=secret"])
        #expect("\(request)".contains("Cookie"))
        #expect(!"\(request)".contains("secret"))
    }
}

@Suite struct ReplyTests {
    private func bytes(
        _ headers: HeaderFields, status: Int = 200, length: Int? = 3
    ) -> String? {
        ReplyHead.bytes(
            status: status, headers: headers, length: length, keepsAlive: true, time: 784_111_777
        ).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func writesAHead() {
        #expect(
            bytes(["A": "b", "Set-Cookie": "c"])
                == "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nA: b\r\n"
                + "Set-Cookie: c\r\nContent-Length: 3\r\n\r\n")
        #expect(bytes([:], status: 204)?.contains("Content-Length") == false)
    }

    @Test(arguments: [
        ("A", "x\r\nB: y"), ("A", "x\n"), ("A", "x\u{0}"), ("A\r\nB", "x"), ("A B", "x"), ("", "x"),
        ("Content-Length", "1"), ("transfer-encoding", "chunked"), ("Connection", "close"),
    ])
    func refusesHeaders_thatWouldBreakTheReply(name: String, value: String) {
        #expect(bytes([name: value]) == nil)
    }

    @Test(arguments: [0, 99, 100, 101, 199, 600, -1])
    func refusesStatuses_thatAreNotOfAReply(status: Int) {
        #expect(bytes([:], status: status) == nil)
    }

    @Test func writesEvents_thatReadersTakeAsTheyWere() throws {
        let events = [
            ServerEvent(data: "plain"), ServerEvent(name: "item", id: "7", data: "{\"a\":1}"),
            ServerEvent(data: ""), ServerEvent(data: "two\nlines"), ServerEvent(data: "a\n\nb\n"),
        ]
        var reader = ServerSentEvents()
        let read = try reader.feed(events.flatMap(\.bytes))
        // Readers pass over an event without data, and keep an id until there is another.
        #expect(read.map(\.data) == ["plain", "{\"a\":1}", "", "two\nlines", "a\n\nb\n"])
        #expect(read.map(\.event) == ["message", "item", "message", "message", "message"])
        #expect(read[1].id == "7")
    }

    @Test func keepsAnEventInItsPlace_whenItHoldsLineBreaks() throws {
        let event = ServerEvent(
            name: "item\ndata: forged", id: "1\r\n\r\ndata: forged",
            data: "a\r\nevent: b\rid: 9\r\n")
        var reader = ServerSentEvents()
        let read = try reader.feed(event.bytes)
        #expect(read.count == 1)
        #expect(read[0].event == "item")
        #expect(read[0].id == "1")
        #expect(read[0].data == "a\nevent: b\nid: 9\n")
    }
}
