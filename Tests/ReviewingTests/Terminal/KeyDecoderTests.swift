import LinearAlgebra
import Testing

@testable import Reviewing

@Suite struct KeyDecoderTests {
    static let sequences: [(String, [Key])] = [
        ("j", [.character("j")]), ("\r", [.enter]), ("\n", [.control("j")]), ("\t", [.tab]),
        ("\u{7F}", [.backspace]), ("\u{3}", [.control("c")]), ("\u{1B}[A", [.up]),
        ("\u{1B}OB", [.down]), ("\u{1B}[1;5C", [.right]), ("\u{1B}[3~", [.delete]),
        ("\u{1B}[5~", [.pageUp]), ("\u{1B}[H", [.home]), ("\u{1B}[4~", [.end]),
        ("\u{1B}[Z", [.backTab]), ("é", [.character("é")]), ("漢", [.character("漢")]),
        ("🎲", [.character("🎲")]), ("\u{1B}x", [.alternate("x")]), ("\u{1B}[[A", []),
        ("\u{1B}[?62;22c", []), ("\u{1B}]11;rgb:0/0/0\u{7}", []), ("\u{1B}P1$r0m\u{1B}\\", []),
        ("\u{1B}[200~ajx\r\nq\u{1B}[201~", [.paste("ajx\nq")]),
    ]

    func expect(_ keys: [Key], _ expected: [Key], at location: SourceLocation = #_sourceLocation) {
        #expect(keys == expected, sourceLocation: location)
    }

    @Test func knownSequencesAreKeys() {
        for (text, keys) in Self.sequences {
            var decoder = KeyDecoder()
            expect(decoder.feed(text.utf8), keys)
            #expect(!decoder.isWaiting)
        }
    }

    /// The same keys come out however the bytes are split over reads.
    @Test(arguments: UInt64(0)..<100) func splitsDoNotMatter(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let chosen = (0..<20).map { _ in
            Self.sequences[generator.below(Self.sequences.count)]
        }
        var rest = Array(chosen.map(\.0).joined().utf8)[...]
        var decoder = KeyDecoder()
        var keys: [Key] = []
        while !rest.isEmpty {
            let count = 1 + generator.below(4)
            keys += decoder.feed(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        #expect(keys == chosen.flatMap(\.1))
    }

    @Test func loneEscapeIsAKey_whenNothingFollows() {
        var decoder = KeyDecoder()
        expect(decoder.feed([0x1B]), [])
        #expect(decoder.isWaiting)
        expect(decoder.flush(), [.escape])
        expect(decoder.feed([0x1B, 0x1B]), [.escape])
        expect(decoder.flush(), [.escape])
        expect(decoder.feed("\u{1B}[".utf8), [])
        expect(decoder.flush(), [])
        expect(decoder.feed("j".utf8), [.character("j")])
    }

    @Test func brokenTextIsPassedOver() {
        var decoder = KeyDecoder()
        expect(decoder.feed([0xFF, 0x80, 0xC3, 0x28]), [.character("(")])
        expect(decoder.feed([0xED, 0xA0, 0x80, 0x61]), [.character("a")])
        expect(decoder.feed([0xE6, 0x1B, 0x5B, 0x41]), [.up])
    }

    @Test func pauseWithinAPasteEndsNothing() {
        var decoder = KeyDecoder()
        expect(decoder.feed("\u{1B}[200~abc".utf8), [])
        expect(decoder.flush(), [])
        expect(decoder.feed("d\u{1B}[201~".utf8), [.paste("abcd")])
    }

    /// A flood neither grows without end nor stops the decoder.
    @Test func floodsAreBounded() {
        var decoder = KeyDecoder()
        let flood = [UInt8](repeating: 0x61, count: 300_000)
        expect(decoder.feed("\u{1B}[200~".utf8), [])
        expect(decoder.feed(flood), [])
        guard case .paste(let text) = decoder.feed("\u{1B}[201~".utf8).first else {
            Issue.record("no paste")
            return
        }
        #expect(text.count == 100_000)
        expect(decoder.feed("\u{1B}[".utf8), [])
        expect(decoder.feed([UInt8](repeating: 0x31, count: 300_000)), [])
        expect(decoder.feed("~x".utf8), [.character("x")])
    }

    @Test(arguments: UInt64(0)..<50) func randomBytesDoNoHarm(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var decoder = KeyDecoder()
        let bytes = (0..<5000).map { _ in UInt8(generator.below(256)) }
        for key in decoder.feed(bytes) {
            if case .character(let character) = key {
                #expect(!character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
            }
        }
    }
}
