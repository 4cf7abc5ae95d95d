import HTTP
import Testing

@Suite struct ServerSentEventsTests {
    typealias Event = ServerSentEvents.Event

    private func events(_ text: String) throws -> [Event] {
        var parser = ServerSentEvents()
        return try parser.feed(text.utf8)
    }

    @Test func joinsDataLines_andNamesEventIDAndRetry() throws {
        let text = "event: delta\nid: 7\nretry: 1500\ndata: one\ndata:two\ndata\n\ndata: next\n\n"
        #expect(
            try events(text) == [
                Event(event: "delta", data: "one\ntwo\n", id: "7", retry: 1_500),
                Event(data: "next", id: "7"),
            ])
    }

    /// The examples of the standard.
    @Test func readsTheExamplesOfTheStandard() throws {
        #expect(
            try events("data: YHOO\ndata: +2\ndata: 10\n\n") == [Event(data: "YHOO\n+2\n10")])
        #expect(
            try events(
                ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
                    + "data:  third event\n\n") == [
                    Event(data: "first event", id: "1"), Event(data: "second event"),
                    Event(data: " third event"),
                ])
        #expect(
            try events("data\n\ndata\ndata\n\ndata:") == [Event(data: ""), Event(data: "\n")])
        #expect(
            try events("data:test\n\ndata: test\n\n") == [Event(data: "test"), Event(data: "test")])
    }

    @Test func ignoresWhatIsNoEvent() throws {
        #expect(try events(": ping\n\nevent: lonely\n\nunknown: x\n\nDATA: x\n\n\n\n").isEmpty)
        #expect(
            try events("event: gone\n\nid: 1\u{0}2\nretry: soon\ndata: x\n\n") == [Event(data: "x")]
        )
        #expect(try events("data: unfinished\n").isEmpty)
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func takesEveryLineBreak(_ end: String) throws {
        let text = ["data: a", "data: b", "", "data: c", "", ""].joined(separator: end)
        #expect(try events(text) == [Event(data: "a\nb"), Event(data: "c")])
    }

    @Test func handsOutAnEventWithItsCarriageReturn_withoutWaitingForMore() throws {
        var parser = ServerSentEvents()
        #expect(try parser.feed("data: a\r\r".utf8) == [Event(data: "a")])
        #expect(try parser.feed("\ndata: b\r\n\r".utf8) == [Event(data: "b")])
        #expect(try parser.feed("\n".utf8).isEmpty)
    }

    @Test func dropsAByteOrderMarkAtTheBeginningOnly() throws {
        #expect(try events("\u{FEFF}data: a\n\n\u{FEFF}data: b\n\n") == [Event(data: "a")])
    }

    @Test func replacesWhatIsNotUTF8() throws {
        var parser = ServerSentEvents()
        let bytes = Array("data: a".utf8) + [0xFF, 0xE2, 0x82] + Array("b\n\n".utf8)
        #expect(try parser.feed(bytes) == [Event(data: "a\u{FFFD}\u{FFFD}b")])
    }

    @Test func refusesAnEventAboveItsBound() throws {
        let short = ServerSentEvents(eventLimit: 64)
        var parser = short
        for _ in 0..<100 { _ = try parser.feed("data: short\n\n: comment\n\n".utf8) }
        #expect(throws: ServerSentEvents.EventTooLarge(limit: 64)) {
            for _ in 0..<10 { _ = try parser.feed("data: 0123456789\n".utf8) }
        }
        var endless = short
        #expect(throws: ServerSentEvents.EventTooLarge(limit: 64)) {
            for _ in 0..<10 { _ = try endless.feed(": 0123456789".utf8) }
        }
    }

    /// A stream of random fields, line breaks, multi-byte characters and stray bytes gives the same
    /// events in whatever pieces it comes.
    @Test(arguments: UInt64(0)..<200)
    func givesTheSameEvents_howeverTheBytesAreDivided(seed: UInt64) throws {
        var generator = Generator(state: seed)
        let parts =
            [
                "data: ", "data:", "data", "event: ", "id: ", "retry: ", ":", " ", "x", "é", "日本",
                "🙂",
                "\n", "\n", "\n\n", "\r", "\r\r", "\r\n", "\r\n\r\n", "42", "\u{FEFF}", "\u{0}",
            ].map { Array($0.utf8) } + [[0xFF], [0xE2, 0x82]]
        let bytes = (0..<300).flatMap { _ in
            parts[Int.random(in: 0..<parts.count, using: &generator)]
        }
        var whole = ServerSentEvents()
        let expected = try whole.feed(bytes)
        var single = ServerSentEvents()
        #expect(try bytes.flatMap { try single.feed([$0]) } == expected)
        var divided = ServerSentEvents()
        var found: [Event] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 0...min(9, rest.count), using: &generator)
            found += try divided.feed(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        #expect(found == expected)
    }
}

/// SplitMix64.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
