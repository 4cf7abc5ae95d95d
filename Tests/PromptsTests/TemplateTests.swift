import Testing

@testable import Prompts

@Suite struct TemplateTests {
    @Test func fillsHoles() throws {
        let values: PromptValues = ["who": .text("the <proposer> & co"), "count": .number(3)]
        #expect(try rendered("{{count}} for {{ who }}.", values) == "3 for the <proposer> & co.")
    }

    @Test(arguments: [(0.1, "0.1"), (1e21, "1e+21"), (-2, "-2"), (12.50, "12.5")])
    func writesNumbersAsShortAsTheyAre(number: Double, text: String) throws {
        #expect(try rendered("{{n}}", ["n": .number(number)]) == text)
    }

    @Test func neverReadsAValueAsATemplate() throws {
        let values: PromptValues = ["a": .text("{{b}}"), "b": .text("no")]
        #expect(try rendered("{{a}}\\{{b}}", values) == "{{b}}{{b}}")
    }

    @Test(arguments: [
        (#"\{{a}}"#, "{{a}}"), (#"\\{{a}}"#, #"\1"#), (#"\\\{{a}}"#, #"\{{a}}"#),
        (#"a\b}}{"#, #"a\b}}{"#),
        (#"{"k":{"n":{{a}}}}"#, #"{"k":{"n":1}}"#),
    ])
    func writesLiteralBraces(text: String, result: String) throws {
        #expect(try rendered(text, ["a": .number(1)]) == result)
    }

    @Test func repeatsForEachRecord() throws {
        let values: PromptValues = [
            "title": .text("T"),
            "rows": .records([["n": .number(1)], ["n": .number(2)]]),
        ]
        let text = """
            before
            {{#each rows}}
            - {{n}} of {{title}}
            {{/each}}
            after
            """
        #expect(try rendered(text, values) == "before\n- 1 of T\n- 2 of T\nafter")
        #expect(try rendered("{{#each rows}}{{n}},{{/each}}", values) == "1,2,")
    }

    @Test func choosesByFlagsAndByLists() throws {
        let text = "{{#if it}}yes{{else}}no{{/if}}"
        #expect(try rendered(text, ["it": .flag(true)]) == "yes")
        #expect(try rendered(text, ["it": .flag(false)]) == "no")
        #expect(try rendered(text, ["it": .records([])]) == "no")
        #expect(try rendered(text, ["it": .records([[:]])]) == "yes")
        #expect(try rendered("{{#if it}}\nyes\n{{/if}}\n", ["it": .flag(false)]) == "")
    }

    @Test func aTagAloneOnItsLineTakesTheLineWithIt() throws {
        let values: PromptValues = ["on": .flag(true), "n": .number(1)]
        #expect(try rendered("a\n  {{#if on}}  \nb\n{{/if}}\nc", values) == "a\nb\nc")
        #expect(try rendered("a\n{{! a remark }}\n{{omit n}}\nb", values) == "a\nb")
        #expect(try rendered("a\n{{n}}\nb", values) == "a\n1\nb")
        #expect(try rendered("a {{! a remark }}\nb") == "a \nb")
    }

    @Test func includesPartsWithTheirHoles() throws {
        let part = try Template(parsing: "size {{n}}\n", file: "part.md")
        let template = try Template(
            parsing: "a\n{{include shared/p.md}}\nb", file: "t.md", parts: ["shared/p.md": part])
        #expect(try template.render(["n": .number(6)]) == "a\nsize 6\nb")
        #expect(template.parts == ["shared/p.md"])
    }

    @Test func saysWhereAFaultIs() throws {
        func expect(
            _ text: String, _ values: PromptValues = [:], line: Int, _ expected: TemplateFault,
            _ location: SourceLocation = #_sourceLocation
        ) {
            let found = fault(text, values)
            #expect(found?.fault == expected, sourceLocation: location)
            #expect(found?.line == line, sourceLocation: location)
        }
        let list: PromptValues = ["rows": .records([["n": .number(1)]])]
        expect("a\nb {{c", line: 2, .unclosedTag("c"))
        expect("a\n{{b\n}}", ["b": .number(1)], line: 2, .unclosedTag("b\n"))
        expect("{{#each rows}}\n\n", list, line: 1, .unclosedBlock(tag: "each", name: "rows"))
        expect("\n{{/if}}", line: 2, .strayEnd(tag: "if", awaited: nil))
        expect(
            "{{#each rows}}\n{{/if}}", list, line: 2,
            .strayEnd(tag: "if", awaited: "{{/each}} of t.md:1"))
        expect("{{else}}", line: 1, .strayElse)
        expect("{{#each rows}}{{else}}{{/each}}", list, line: 1, .strayElse)
        expect(
            "{{#if rows}}{{else}}{{else}}{{/if}}", list, line: 1, .strayElse)
        expect("{{Name}}", line: 1, .badName("Name"))
        expect("{{a\u{301}}}", line: 1, .badName("a\u{301}"))
        expect("{{{a}}}", line: 1, .badName("{a"))
        expect("{{#unless a}}", line: 1, .unknownTag("#unless a"))
        expect("{{}}", line: 1, .unknownTag(""))
        expect("x {{fenced a}}", ["a": .data("")], line: 1, .notAlone("fenced a"))
        expect("{{fenced a limit=0}}", ["a": .data("")], line: 1, .badLimit("limit=0"))
        expect("{{include p.md}}", line: 1, .unknownPart("p.md", known: []))
        expect("\n\n{{b}}", ["a": .number(1)], line: 3, .unknownName("b", known: ["a"]))
        expect("{{a}}", ["a": .data("x")], line: 1, .dataOutsideFence("a"))
        expect("{{fenced a}}", ["a": .text("x")], line: 1, .notData("a"))
        expect("{{a}}", ["a": .flag(true)], line: 1, .notPlain("a"))
        expect("{{#each a}}{{/each}}", ["a": .text("x")], line: 1, .notAList("a"))
        expect("{{#if a}}{{/if}}", ["a": .data("x")], line: 1, .notAChoice("a"))
        expect(
            "{{#each rows}}{{/each}}", list.merging(["n": .text("")]) { a, _ in a }, line: 1,
            .shadowed(field: "n", list: "rows"))
        expect(
            "{{fenced a limit=3}}", ["a": .data("four")], line: 1, .tooLong("a", count: 4, limit: 3)
        )
    }

    @Test func looksAtBranchesThatAreNotTaken() {
        let values: PromptValues = ["on": .flag(true)]
        let found = fault("{{#if on}}\n{{else}}\n{{lost}}\n{{/if}}", values)
        #expect(found?.fault == .unknownName("lost", known: ["on"]))
    }

    @Test func namesWhatATemplateUses() throws {
        let shape: ValueShape = [
            "rows": .records(["a": .text, "b": .text]), "n": .number,
            "left": .records(["c": .text]),
        ]
        let template = try Template(
            parsing: "{{#each rows}}{{a}}{{n}}{{/each}}{{omit left}}", file: "t.md")
        let used = try template.check(against: shape)
        #expect(used == ["rows", "rows.a", "n", "left", "left.c"])
        #expect(Template.names(of: shape).subtracting(used) == ["rows.b"])
    }
}
