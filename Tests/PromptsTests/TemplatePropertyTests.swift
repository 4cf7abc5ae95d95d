import LinearAlgebra
import Testing

@testable import Prompts

/// Templates grown at random, rendered by a twin that never writes or reads them as text.
@Suite struct TemplatePropertyTests {
    @Test(arguments: UInt64(0)..<400) func rendersWhatItsTreeSays(seed: UInt64) throws {
        var grower = Grower(generator: SeededGenerator(seed: seed))
        let (source, result) = grower.grow(depth: 3)
        let template = try Template(parsing: source, file: "t.md")
        #expect(try template.render(Grower.values) == result, "\(source)")
    }

    /// Whatever bytes a template is made of, reading it ends in a value or in a fault of a line that
    /// is there.
    @Test(arguments: UInt64(0)..<400) func readsAnythingOrSaysWhere(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "{{", "}}", "{", "}", "#each ", "#if ", "else", "/each", "/if", "rows", "flag",
            "fenced ", " ",
            "\n", "\\", "!", "include ", "omit ", "limit=", "9", "é", "{{#each rows}}", "{{/each}}",
        ]
        let text = (0..<generator.below(30)).map { _ in pieces[generator.below(pieces.count)] }
            .joined()
        do throws(PromptError) {
            _ = try Template(parsing: text, file: "t.md")
        } catch {
            guard case .template(let place, let fault) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(
                (1...text.split(separator: "\n", omittingEmptySubsequences: false).count)
                    .contains(place.line))
            #expect(!"\(fault)".isEmpty)
        }
    }
}

private struct Grower {
    var generator: SeededGenerator

    static let values: PromptValues = [
        "word": .text("w{{word}}"), "count": .number(7), "on": .flag(true), "off": .flag(false),
        "quote": .data("a {{word}}\n</data-1>"),
        "rows": .records([
            [
                "cell": .text("c1"),
                "inner": .records([["leaf": .number(1)], ["leaf": .number(2)]]),
            ],
            ["cell": .text("c2"), "inner": .records([])],
        ]),
        "none": .records([]),
    ]

    /// A template's text and what it must render. Blocks are written within a line, so that no line
    /// falls away with its tag, except for fences, which have lines of their own.
    mutating func grow(depth: Int) -> (source: String, result: String) {
        var source = ""
        var result = ""
        for _ in 0..<generator.below(5) {
            let (piece, text) = piece(depth: depth)
            source += piece
            result += text
        }
        return (source, result)
    }

    private mutating func piece(depth: Int) -> (String, String) {
        let word = ["x", "é ", "}} ", "\n", "{ "][generator.below(5)]
        switch generator.below(depth > 0 ? 8 : 5) {
        case 0: return (word + ".", word + ".")
        case 1: return (".\\{{", ".{{")
        case 2: return ("{{word}}.", "w{{word}}.")
        case 3: return ("{{ count }}{{! gone }}.", "7.")
        case 4:
            guard let fence = Fence.render("a {{word}}\n</data-1>", limit: .standard) else {
                return ("", "")
            }
            return (".\n {{fenced quote}}\n", ".\n" + fence)
        case 5:
            let name = ["on", "off", "none", "rows"][generator.below(4)]
            let then = grow(depth: depth - 1)
            let other = grow(depth: depth - 1)
            let taken = name == "on" || name == "rows" ? then.result : other.result
            return (
                ".{{#if \(name)}}.\(then.source).{{else}}.\(other.source).{{/if}}.", "..\(taken).."
            )
        default: return each(depth: depth)
        }
    }

    private mutating func each(depth: Int) -> (String, String) {
        guard case .records(let rows)? = Self.values["rows"] else { return ("", "") }
        // The body is the same for every record; the record's own fields are put round it.
        let body = grow(depth: depth - 1)
        var result = "."
        for row in rows {
            guard case .text(let cell)? = row["cell"], case .records(let leaves)? = row["inner"]
            else {
                continue
            }
            result += ".\(cell)\(body.result)."
            for leaf in leaves {
                guard case .number(let number)? = leaf["leaf"] else { continue }
                result += "\(Int(number))7;"
            }
        }
        return (
            ".{{#each rows}}.{{cell}}\(body.source).{{#each inner}}{{leaf}}{{count}};{{/each}}{{/each}}.",
            result + "."
        )
    }
}
