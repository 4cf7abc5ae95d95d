import Testing

@testable import Reviewing

@Suite struct LineEditorTests {
    func typed(_ keys: [Key], into text: String = "", limit: Int = 100) -> LineEditor {
        var editor = LineEditor(text, limit: limit)
        for key in keys {
            let isEdit = editor.apply(key)
            #expect(isEdit)
        }
        return editor
    }

    @Test func keysEditTheText() {
        #expect(typed([.character("a"), .character("é"), .left, .character("x")]).text == "axé")
        #expect(typed([.home, .delete, .end, .backspace], into: "abcd").text == "bc")
        #expect(typed([.control("w")], into: "one two  ").text == "one ")
        #expect(typed([.left, .left, .control("k")], into: "abc").text == "a")
        #expect(typed([.left, .control("u")], into: "abc").text == "c")
        #expect(typed([.paste("x\ny"), .control("j")]).text == "x\ny\n")
    }

    /// A mark that is typed after its letter becomes part of it.
    @Test func marksJoinTheirLetter() {
        let editor = typed([.character("e"), .character("\u{0301}"), .left, .character("x")])
        #expect(editor.text == "xe\u{0301}")
    }

    @Test func nothingGrowsOverTheLimit() {
        #expect(typed([.paste("abcdef"), .character("g")], limit: 4).text == "abcd")
    }

    @Test func otherKeysAreForTheScreen() {
        var editor = LineEditor("a")
        for key: Key in [.enter, .escape, .tab, .up, .control("c")] {
            let isEdit = editor.apply(key)
            #expect(!isEdit)
        }
        #expect(editor.text == "a")
    }
}
