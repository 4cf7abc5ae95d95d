import Testing
import Tools

@Suite struct ExpressionCatalogueTests {
    @Test func everyToolMeetsItsExamples() throws {
        let tools = ExpressionCatalogue.standard
        #expect(tools.count >= 60)
        #expect(Set(tools.map(\.name)).count == tools.count)
        for tool in tools {
            guard case .expression(let source) = tool.kind else {
                Issue.record("\(tool.name) is no expression")
                continue
            }
            let expression = try TextExpression(source)
            #expect(!tool.examples.isEmpty)
            for example in tool.examples {
                let value = expression.value(of: example.text)
                #expect(
                    example.holds(for: value),
                    "\(tool.name) of \(example.text): \(value), not \(String(describing: example.value))"
                )
            }
        }
    }

    @Test func recipesDiffer() {
        let hashes = ExpressionCatalogue.standard.map(\.hash)
        #expect(Set(hashes).count == hashes.count)
    }

    @Test func lexiconsHaveNamesOfTheirOwn() {
        let names = Lexicon.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count >= 30)
        for lexicon in Lexicon.all { #expect(lexicon.entries.count >= 4, "\(lexicon.name)") }
    }
}
