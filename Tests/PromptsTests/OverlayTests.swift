import Foundation
import Testing

@testable import Prompts

/// A user's folder of prompts: what is right is taken, and everything else refused by name.
@Suite struct OverlayTests {
    private func faults(_ files: [String: String]) throws -> [String] {
        try withOverlay(files) { folder in
            PromptSet.faults(overlay: folder).map {
                "\($0)".replacing(folder, with: "DIR")
            }
        }
    }

    private func expectFault(
        _ files: [String: String], _ words: String..., location: SourceLocation = #_sourceLocation
    ) throws {
        let faults = try faults(files)
        #expect(faults.count == 1, "\(faults)", sourceLocation: location)
        for word in words {
            #expect(faults.first?.contains(word) == true, "\(faults)", sourceLocation: location)
        }
        #expect(faults.first?.contains("\n") == false, sourceLocation: location)
    }

    private let proposer = "explain-othello/proposer.md"

    private func edited(_ path: String, _ old: String, _ new: String) throws -> [String: String] {
        let text = try shippedText(path)
        try #require(text.contains(old))
        return [path: text.replacing(old, with: new)]
    }

    @Test func aCopyOfEveryFileIsSound() throws {
        var files: [String: String] = [:]
        for path in ShippedFile.replaceable { files[path] = try shippedText(path) }
        #expect(try faults(files).isEmpty)
        let set = try withOverlay(files) { try PromptSet(overlay: $0) }
        #expect(set.hashes == (try PromptSet()).hashes)
    }

    @Test func aChangedFileIsUsed() throws {
        let files = try edited(
            proposer, "You propose what a feature", "Kindly propose what a feature")
        let set = try withOverlay(files) { try PromptSet(overlay: $0) }
        let prompt = try set.prompt(role: "proposer", inquiry: "explain-othello")
        #expect(try prompt.messages(prompt.sample).system?.hasPrefix("Kindly") == true)
        #expect(prompt.usersFiles == [proposer])
    }

    @Test func aFileOfAnUnknownNameIsRefused() throws {
        try expectFault(
            ["explain-othello/propser.md": "x"], "DIR/explain-othello/propser.md", "no prompt")
        try expectFault(["notes.txt": "x"], "DIR/notes.txt")
        try expectFault(["mine/proposer.md": "x"], "DIR/mine:")
        try expectFault(["shared/deep/repair.md": "x"], "DIR/shared/deep:")
        try expectFault(
            [proposer.replacing(".md", with: ".sample.json"): "{}"], "cannot be replaced")
    }

    @Test func hiddenFilesArePassedOver() throws {
        var files = [proposer: try shippedText(proposer)]
        files[".git/config"] = "x"
        files["shared/.DS_Store"] = "x"
        #expect(try faults(files).isEmpty)
    }

    @Test func aFolderWithoutPromptsIsRefused() throws {
        try expectFault([:], "DIR: holds none")
        let scratch = try Scratch()
        let missing = PromptSet.faults(overlay: scratch.path("nowhere"))
        #expect("\(missing)".contains("no such folder"))
        try scratch.write("x", to: "file")
        #expect("\(PromptSet.faults(overlay: scratch.path("file")))".contains("not a folder"))
    }

    @Test func aFileThatIsNoTextIsRefused() throws {
        let scratch = try Scratch()
        try scratch.write(Data([0x2D, 0xFF, 0xFE]), to: proposer)
        try scratch.write(Data(repeating: 0x61, count: 300_000), to: "shared/repair.md")
        try scratch.write("---\nversion: 1\n---\na\u{0}b\n", to: "shared/data-preamble.md")
        let faults = PromptSet.faults(overlay: scratch.folder.path).map { "\($0)" }
        #expect(faults.contains { $0.contains("proposer.md: is not UTF-8") })
        #expect(faults.contains { $0.contains("repair.md: at least 262145 bytes") })
        #expect(faults.contains { $0.contains("data-preamble.md:4: has the hidden character U+0") })
    }

    @Test func linksMayNotLeadOutOfTheFolder() throws {
        let scratch = try Scratch()
        let outside = try Scratch()
        try outside.write(try shippedText(proposer), to: "proposer.md")
        let files = FileManager.default
        try files.createDirectory(
            atPath: scratch.path("explain-othello"), withIntermediateDirectories: true)
        try files.createSymbolicLink(
            atPath: scratch.path(proposer), withDestinationPath: outside.path("proposer.md"))
        try files.createSymbolicLink(
            atPath: scratch.path("shared"), withDestinationPath: outside.folder.path)
        let faults = PromptSet.faults(overlay: scratch.folder.path)
        #expect(
            faults.map { if case .outside = $0 { true } else { false } } == [true, true],
            "\(faults)")
    }

    @Test func linksInsideTheFolderAreFollowed() throws {
        let scratch = try Scratch()
        try scratch.write(try shippedText(proposer), to: ".drafts/one.md")
        try FileManager.default.createDirectory(
            atPath: scratch.path("explain-othello"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path(proposer), withDestinationPath: scratch.path(".drafts/one.md"))
        #expect(PromptSet.faults(overlay: scratch.folder.path).isEmpty)
    }

    @Test func aTemplateIsHeldToTheValues() throws {
        try expectFault(
            try edited(proposer, "{{wanted}}", "{{wnated}}"), "DIR/\(proposer):",
            "\"wnated\" is no value")
        try expectFault(
            try edited(proposer, "Propose {{wanted}} hypotheses", "Propose hypotheses"),
            "DIR/\(proposer):", "\"wanted\" is supplied but never used")
        try expectFault(
            try edited(proposer, "Exemplar {{number}}, activation {{activation}}:", "One more:"),
            "\"exemplars.activation\", \"exemplars.number\" are supplied")
        try expectFault(
            try edited(proposer, "{{fenced example limit=2000}}", "{{example}}"), "is data")
        #expect(
            try faults(
                try edited(proposer, "Propose {{wanted}} hypotheses", "{{omit wanted}}Propose some")
            ).isEmpty)
    }

    @Test func thePreambleCannotBeForgotten() throws {
        try expectFault(
            try edited(proposer, "{{include shared/data-preamble.md}}", ""),
            "does not tell the model")
    }

    @Test func aFaultOfAPartNamesThePart() throws {
        let path = "explain-othello/formulas.md"
        let faults = try faults(try edited(path, "{{squares}}", "{{sqares}}"))
        #expect(faults.count == 2)
        #expect(faults.allSatisfy { $0.hasPrefix("DIR/\(path):6: \"sqares\"") }, "\(faults)")
    }

    @Test func frontMatterIsReadStrictly() throws {
        func expect(_ old: String, _ new: String, _ words: String) throws {
            try expectFault(try edited(proposer, old, new), "DIR/\(proposer):", words)
        }
        try expect("temperature: unset\n", "temprature: 0.7\n", "\"temprature\" is not known")
        try expect("temperature: unset\n", "", "says no \"temperature\"")
        try expect("temperature: unset\n", "temperature: hot\n", "\"hot\" will not do")
        try expect("temperature: unset\n", "temperature: nan\n", "\"nan\" will not do")
        try expect("version: 1\n", "version: 0\n", "\"0\" will not do")
        try expect("version: 1\n", "version: 1\nversion: 2\n", "said twice")
        try expect("role: proposer\n", "role: refiner\n", "as the file is called")
        try expect("schema: proposer.schema.json", "schema: ../x.json", "\"../x.json\" will not do")
        try expect("version: 1\n", "version: 1\nreasoning-effort: much\n", "one of none, minimal")
        try expect("# user\n", "# User\n", "lacks the section \"# user\"")
        try expect("# user\n", "# user\n\n# system\n", "does not belong here")
        try expect("# system\n", "Hello\n# system\n", "text before the first section")
        try expectFault([proposer: "# system\nx\n# user\ny\n"], "starts with no front matter")
    }

    @Test func samplingIsRead() throws {
        let files = try edited(
            proposer, "temperature: unset\n", "temperature: 0.7\nreasoning-effort: low\n")
        func sampling(_ set: PromptSet) throws -> SamplingHints? {
            try set.prompt(role: "proposer", inquiry: "explain-othello").reply?.sampling
        }
        let plain = SamplingHints(temperature: nil, maximumOutputTokens: 16_000)
        #expect(try sampling(PromptSet()) == plain)
        #expect(
            try withOverlay(files) { try sampling(PromptSet(overlay: $0)) }
                == SamplingHints(
                    temperature: 0.7, maximumOutputTokens: 16_000, reasoningEffort: .low))
    }

    @Test func aSchemaKeepsToWhatEveryServerKnows() throws {
        let path = "explain-othello/refiner.schema.json"
        func expect(_ old: String, _ new: String, _ words: String) throws {
            try expectFault(try edited(path, old, new), "DIR/\(path)", words)
        }
        try expect("\"additionalProperties\": false", "\"additionalProperties\": true", "must say")
        try expect(
            "[\"formula\", \"statement\", \"refuted_by\"]", "[\"formula\"]", "every property")
        try expect(
            "\"type\": \"string\",\n            \"description\": \"The better",
            "\"type\": \"string\", \"maxLength\": 80,\n            \"description\": \"The better",
            "#/properties/formula/maxLength")
        try expect("{\n    \"type\": \"object\"", "{\n    \"type\": \"list\"", "must be an object")
        try expect("\"required\"", "required", "not JSON")
    }
}
