import Digests
import Foundation
import JSON
import Testing

@testable import Tools

@Suite struct FeatureToolTests {
    private func tool(
        _ kind: FeatureTool.Kind, name: String = "a-tool", version: Int = 1, parent: Digest? = nil
    ) throws -> FeatureTool {
        try FeatureTool(
            name: name, title: "A tool", kind: kind,
            examples: [UnitExample(text: "a b", value: 2), UnitExample(text: "", value: nil)],
            version: version, parent: parent)
    }

    @Test func hashCoversTheRecipeOnly() throws {
        let a = try tool(.expression("words+1"))
        #expect(try tool(.expression("words + 1"), name: "other", version: 3).hash == a.hash)
        #expect(try tool(.expression("words + 2")).hash != a.hash)
        #expect(try tool(.python("words + 1")).hash != a.hash)
    }

    @Test func survivesJSON() throws {
        let rubric = try PromptRubric(
            question: "How kind?", scale: .graded,
            anchors: [.init(value: 5, meaning: "very"), .init(value: 1, meaning: "not at all")])
        let parent = SHA256.digest(of: "x")
        for kind in [
            FeatureTool.Kind.expression("words"), .python("def feature(t): return 1"),
            .prompt(rubric),
        ] {
            let made = try tool(kind, version: 2, parent: parent)
            #expect(try FeatureTool(made.json, place: "here") == made)
            let coded = try JSONEncoder().encode([made])
            #expect(try JSONDecoder().decode([FeatureTool].self, from: coded) == [made])
        }
    }

    @Test(arguments: [
        #"{"name":"A b","title":"t","expression":"words"}"#,
        #"{"name":"a","title":"t"}"#, #"{"name":"a","title":"","expression":"words"}"#,
        #"{"name":"a","title":"t","expression":"words","python":"x"}"#,
        #"{"name":"a","title":"t","expression":"words","extra":1}"#,
        #"{"name":"a","title":"t","expression":"words","version":0}"#,
        #"{"name":"a","title":"t","expression":"words","examples":[{"text":"x"}]}"#,
        #"{"name":"a","title":"t","expression":"words","parent":"12"}"#,
        #"{"name":"a","title":"t","prompt":{"question":"q","scale":"graded","anchors":[]}}"#, "[]",
    ])
    func refusesWhatIsNoTool(text: String) {
        #expect(throws: ToolError.self) {
            try FeatureTool(JSONValue(parsing: text), place: "here")
        }
    }

    @Test func catalogueKeepsVersionsAndRefusesAnAlteredFile() throws {
        let folder = NSTemporaryDirectory() + "/catalogue-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let catalogue = ToolCatalogue(folder: folder)
        #expect(try catalogue.tools().isEmpty)
        let first = try tool(.expression("words"))
        let second = try tool(.expression("share(commas)"), version: 2, parent: first.hash)
        for tool in [second, first, first] { try catalogue.add(tool) }
        #expect(try catalogue.tools() == [first, second])
        #expect(try catalogue.newest() == [second])
        #expect(try catalogue.lineage(of: second) == [second, first])
        #expect(throws: ToolError.self) { try catalogue.add(tool(.expression("lines"))) }

        // What is approved under a name that is taken is its next version; a recipe is added once.
        let third = try tool(.expression("lines"))
        for _ in 0..<2 { try catalogue.approve(third, rows: "reviews") }
        let newest = try #require(try catalogue.newest().first)
        #expect(newest.version == 3 && newest.parent == second.hash && newest.hash == third.hash)
        #expect(try catalogue.tools().count == 3)
        // It is not tried on the rows that it came from.
        #expect(try catalogue.tools(exceptWhere: { $0 == "reviews" }).isEmpty)
        #expect(try catalogue.tools(exceptWhere: { $0 == "others" }) == [newest])

        let path = folder + "/a-tool@1.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for change in [("\"words\"", "\"lines\""), ("A tool", "Another"), ("\"a b\"", "\"a c\"")] {
            try text.replacing(change.0, with: change.1).write(
                toFile: path, atomically: true, encoding: .utf8)
            let error = #expect(throws: ToolError.self) { try catalogue.tools() }
            guard case .altered = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }
}
