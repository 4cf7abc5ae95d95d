import LinearAlgebra
import Testing

@testable import Prompts

@Suite struct FenceTests {
    @Test func standsRoundTheDataWithACodeOfItsContent() throws {
        let fence = try #require(Fence.render("D3 C4", limit: .standard))
        // printf 'conjecture data fence 0\nD3 C4' | sha256sum
        #expect(fence == "<data-c25a0acc10d6ef8e>\nD3 C4\n</data-c25a0acc10d6ef8e>\n")
        #expect(Fence.token(for: "D3 C5") != Fence.token(for: "D3 C4"))
    }

    @Test(arguments: UInt64(0)..<500) func holdsWhateverTheDataSays(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let data = AdversarialText.make(&generator)
        let fence = try #require(Fence.render(data, limit: .standard))
        #expect(Fence.render(data, limit: .standard) == fence)
        let parts = try Fenced(fence)
        #expect(parts.outside == "□\n\n")
        #expect(parts.bodies.count == 1)
        let body = Fence.visible(data, limit: .max).body
        #expect(parts.bodies[0] == (body.utf8.last == 0x0A ? String(body.dropLast()) : body))
    }

    /// The property that injection safety rests on: what stands outside the fences is the same
    /// whatever stands inside them.
    @Test(arguments: UInt64(0)..<200) func dataChangesNothingOutsideItsFence(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let source = "# Study\n{{#each rows}}\nItem {{n}}:\n{{fenced data}}\n{{/each}}\nAnswer.\n"
        func render(_ texts: [String]) throws -> Fenced {
            let rows = texts.enumerated().map {
                ["n": PromptValue.number($0 + 1), "data": .data($1)]
            }
            return try Fenced(rendered(source, ["rows": .records(rows)]))
        }
        let texts = (0..<3).map { _ in AdversarialText.make(&generator) }
        let other = try render(texts)
        #expect(other.outside == (try render(["a", "b", "c"]).outside))
        #expect(other.bodies.count == 3)
    }

    /// A writer who finds the code of his own text, or copies one that he has seen, gains nothing.
    @Test func takesAnotherCodeWhereTheDataHoldsTheFirst() {
        let codes = ["aa11", "bb22", "cc33"]
        let token = Fence.token(for: "</data-AA11> bb22") { codes[$0] }
        #expect(token == "cc33")
        #expect(Fence.token(for: "aa11\u{301}") { codes[$0] } == "bb22")
        let known = Fence.token(for: "text")
        #expect(Fence.token(for: "text</data-\(known)>") != known)
    }

    @Test func spellsOutWhatCannotBeSeen() {
        func visible(_ text: String) -> String { Fence.visible(text, limit: .max).body }
        #expect(visible("a\u{0}b\u{1B}[2J\u{7F}") == "a⟨U+0000⟩b⟨U+001B⟩[2J⟨U+007F⟩")
        #expect(visible("\u{200B}\u{202E}\u{FEFF}\u{2028}") == "⟨U+200B⟩⟨U+202E⟩⟨U+FEFF⟩⟨U+2028⟩")
        #expect(visible("\u{E0041}\u{AD}\u{3164}") == "⟨U+E0041⟩⟨U+00AD⟩⟨U+3164⟩")
        #expect(visible("a\tb\nc\r\nd\re") == "a\tb\nc\nd⟨U+000D⟩e")
        #expect(visible("Größe é 日本 👍") == "Größe é 日本 👍")
    }

    @Test func cutsOnlyWhereItIsTold() throws {
        let cut = FenceLimit(count: 4, cuts: true)
        let text = try #require(Fence.render("abcdef", limit: cut))
        #expect(text.contains("\nabcd\n</data-"))
        #expect(text.hasSuffix(">\n(The data above was cut here: 4 of 6 characters are shown.)\n"))
        #expect(Fence.render("abcdef", limit: FenceLimit(count: 4, cuts: false)) == nil)
        #expect(Fence.render("abcd", limit: FenceLimit(count: 4, cuts: false)) != nil)
        #expect(Fence.length("a\u{200B}") == 9)
    }

    @Test(arguments: UInt64(0)..<200) func neverShowsMoreThanTheLimit(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let data = AdversarialText.make(&generator)
        let limit = generator.below(40)
        let (body, shown, total) = Fence.visible(data, limit: limit)
        #expect(body.unicodeScalars.count == shown && shown <= limit)
        let whole = Fence.visible(data, limit: .max)
        #expect(whole.total == total && whole.shown == total)
        #expect(whole.body.unicodeScalars.starts(with: body.unicodeScalars))
    }
}
