import Testing

@testable import Serving

/// The protocol without sockets.
@Suite struct RequestReaderTests {
    private func refusal(_ text: String, limits: ServerLimits = ServerLimits()) -> Int? {
        var reader = RequestReader(limits: limits)
        reader.feed(Array(text.utf8))
        do throws(RequestFault) {
            _ = try reader.next()
            return nil
        } catch {
            return error.status
        }
    }

    private func head(_ lines: String..., first: String = "GET / HTTP/1.1") -> String {
        ([first, "Host: here"] + lines).joined(separator: "\r\n") + "\r\n\r\n"
    }

    @Test func readsARequest() throws {
        var reader = RequestReader(limits: ServerLimits())
        reader.feed(
            Array(
                head(
                    "Content-Length: 5", "X-Mark:  a b \t",
                    first: "POST /items/a%20b%C3%A9?x=1%202&y=a+b&z HTTP/1.1"
                ).utf8))
        reader.feed(Array("hello".utf8))
        guard case .request(let head, let body) = try reader.next() else {
            Issue.record("no request")
            return
        }
        #expect(head.action == .handle(.post, sendsBody: true))
        #expect(head.target.segments == ["items", "a bé"])
        #expect(head.target.query == ["x": "1 2", "y": "a b", "z": ""])
        #expect(head.headers["x-mark"] == "a b")
        #expect(head.keepsAlive)
        #expect(body == Array("hello".utf8))
        #expect(try reader.next() == .needsHead(hasBegun: false))
    }

    @Test func readsTheSameRequests_whereverTheBytesAreCut() throws {
        let text =
            head("Content-Length: 3", first: "PUT /a HTTP/1.1") + "xyz"
            + head(first: "HEAD /b HTTP/1.1") + "\r\n"
            + head("Connection: keep-alive, Close", first: "GET /c HTTP/1.1")
        func requests(pieceSize: Int) throws -> [RequestReader.Progress] {
            var reader = RequestReader(limits: ServerLimits())
            var requests: [RequestReader.Progress] = []
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                reader.feed(rest.prefix(pieceSize))
                rest = rest.dropFirst(pieceSize)
                while case .request(let head, let body) = try reader.next() {
                    requests.append(.request(head, body: body))
                }
            }
            return requests
        }
        let whole = try requests(pieceSize: 10_000)
        #expect(whole.count == 3)
        guard case .request(let last, _) = whole[2] else { return }
        #expect(!last.keepsAlive)
        for pieceSize in 1...40 { #expect(try requests(pieceSize: pieceSize) == whole) }
    }

    @Test(arguments: [
        "GET  / HTTP/1.1", "GET /", "GET / HTTP/1.1 ", "GET / HTTP/11", "GET / HTTPS/1.1",
        "G(T / HTTP/1.1", "GET\t/ HTTP/1.1", "GET / HTTP/1.x", "GET / http/1.1",
        "GET http://here/ HTTP/1.1", "GET * HTTP/1.1", "GET  HTTP/1.1", "GET here HTTP/1.1",
        "GET /a#b HTTP/1.1", "GET /é HTTP/1.1",
    ])
    func refusesRequestLines_thatAreMalformed(line: String) {
        #expect(refusal(head(first: line)) == 400)
    }

    @Test(arguments: [
        "Name", "Name : x", " Name: x", "\tfolded", ": x", "Na me: x", "Näme: x", "A: x\u{0}y",
        "A: x\u{1}", "A: x\u{7F}", "A: x\rB: y", "A: x\nB: y", "Host: there",
        "Content-Length: 1\r\nContent-Length: 1", "Content-Length: 1, 1", "Content-Length: -1",
        "Content-Length: +1", "Content-Length: 0x1", "Content-Length:", "Content-Length: 1 1",
        "Content-Length: 1\r\nTransfer-Encoding: chunked", "Cookie: a=1\r\ncookie: a=2",
        "Origin: http://a\r\nOrigin: http://b",
    ])
    func refusesHeaders_thatAreMalformed(line: String) {
        #expect(refusal(head(line)) == 400)
    }

    @Test func refusesWhatItDoesNotSpeak() {
        #expect(refusal(head(first: "GET / HTTP/2.0")) == 505)
        #expect(refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == 505)
        #expect(refusal(head(first: "GET / HTTP/0.9")) == 505)
        #expect(refusal(head(first: "TRACE / HTTP/1.1")) == 501)
        #expect(refusal(head(first: "get / HTTP/1.1")) == 501)
        #expect(refusal(head("Transfer-Encoding: chunked")) == 411)
        #expect(refusal(head("Expect: miracles")) == 417)
        #expect(refusal("GET / HTTP/1.1\r\n\r\n") == 400)
        #expect(refusal("GET / HTTP/1.0\r\n\r\n") == nil)
        #expect(refusal("\u{16}\u{3}\u{1}") == 400)
    }

    @Test func refusesWhatIsTooLarge() {
        var limits = ServerLimits()
        limits.headBytes = 200
        limits.headerCount = 3
        limits.bodyBytes = 10
        let long = String(repeating: "a", count: 200)
        #expect(refusal(head("A: \(long)"), limits: limits) == 431)
        #expect(refusal(long, limits: limits) == 431)
        #expect(refusal(head("A: 1", "B: 2"), limits: limits) == nil)
        #expect(refusal(head("A: 1", "B: 2", "C: 3"), limits: limits) == 431)
        #expect(refusal(head("Content-Length: 10"), limits: limits) == nil)
        #expect(refusal(head("Content-Length: 11"), limits: limits) == 413)
        #expect(refusal(head("Content-Length: 99999999999999999999999"), limits: limits) == 413)
        let many = (0..<65).map { "p\($0)=" }.joined(separator: "&")
        #expect(refusal(head(first: "GET /?\(many) HTTP/1.1")) == 400)
    }

    @Test(arguments: [
        "//", "/a/", "/a//b", "/..", "/../etc/passwd", "/a/../b", "/.", "/a/./b", "/%2e%2e/a",
        "/.%2E", "/a%2Fb", "/a%2fb", "/a%5Cb", "/a\\b", "/a%00b", "/%00", "/a%0Ab", "/a%7F", "/%",
        "/%1", "/%zz", "/%ff", "/%c3", "/%c0%ae%c0%ae", "/%ed%a0%80", "/?a=1&a=2", "/?a=%",
        "/?a=%ff",
        "/?a=%00",
    ])
    func refusesTargets_thatCouldMeanSomethingElse(target: String) {
        #expect(refusal(head(first: "GET \(target) HTTP/1.1")) == 400)
    }

    @Test func decodesPathsOnce() throws {
        let target = try RequestTarget(Array("/%252e%252e/...?a=%2525".utf8)[...], fieldLimit: 4)
        #expect(target.segments == ["%2e%2e", "..."])
        #expect(target.query == ["a": "%25"])
    }

    @Test(arguments: UInt64(0)..<300)
    func readsNothingOutOfNoise(seed: UInt64) {
        var noise = Noise(seed: seed)
        let valid = Array((head("Content-Length: 4") + "abcd").utf8)
        var bytes: [UInt8] = []
        for _ in 0..<4 {
            var request = valid
            for _ in 0..<Int.random(in: 0...3, using: &noise) {
                request[Int.random(in: 0..<request.count, using: &noise)] = .random(
                    in: 0...255, using: &noise)
            }
            bytes += request
        }
        var reader = RequestReader(limits: ServerLimits())
        var count = 0
        for byte in bytes {
            reader.feed([byte])
            do throws(RequestFault) {
                while case .request(let head, let body) = try reader.next() {
                    count += 1
                    #expect(head.bodyLength == body.count)
                    #expect(head.target.segments.allSatisfy { !$0.contains("/") && $0 != ".." })
                }
            } catch {
                #expect(StatusText.of(error.status) != "Status")
                return
            }
        }
        #expect(count <= 40)
    }
}

/// Random numbers from a seed (SplitMix64).
struct Noise: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
