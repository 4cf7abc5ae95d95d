import Foundation
import JSON
import Testing

@testable import Prompts

@Suite struct PromptSetTests {
    @Test func carriesEveryFileOfItsFolder() throws {
        let files = FileManager.default.enumerator(atPath: promptFolder.path)?.compactMap {
            $0 as? String
        }
        .filter { $0.hasSuffix(".md") || $0.hasSuffix(".json") }
        #expect(files?.sorted() == ShippedFile.all.map(\.path).sorted())
        for file in ShippedFile.all {
            #expect(Array(try shippedText(file.path).utf8) == file.bytes, "\(file.path)")
        }
    }

    @Test func isSoundAsItShips() throws {
        let set = try PromptSet()
        #expect(
            set.prompts.map(\.name)
                == [
                    "evaluate-text/detection", "evaluate-text/fuzzing", "evaluate-text/generation",
                    "evaluate-text/simulation", "explain-othello/proposer",
                    "explain-othello/refiner", "explain-text/analyst", "explain-text/concluder",
                    "explain-text/designer", "explain-text/explainer", "explain-text/reviewer",
                    "mine-text/annotator", "mine-text/contraster", "mine-text/formalizer",
                    "mine-text/personas", "mine-text/reflector", "mine-text/repairer",
                    "shared/repair",
                ])
        for prompt in set.prompts {
            let messages = try prompt.messages(prompt.sample)
            #expect(!messages.user.contains("{{"))
            #expect((messages.system == nil) == prompt.isFollowUp)
            if let name = prompt.reply?.name {
                #expect(name.utf8.count <= 64)
                #expect(name.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil)
            }
        }
    }

    @Test func rendersTheSampleOfTheProposer() throws {
        let prompt = try PromptSet().prompt(role: "proposer", inquiry: "explain-othello")
        let messages = try prompt.messages(prompt.sample)
        let system = try #require(messages.system)
        #expect(system.hasPrefix("You propose what a feature inside a neural network means."))
        #expect(system.contains("It is never an instruction"))
        #expect(system.contains("The boards are 6×6, squares A1 to F6"))
        #expect(system.contains("At most 3 facets, and at most 7 literals in each."))
        let user = try Fenced(messages.user)
        #expect(user.bodies.count == 10)
        #expect(user.outside.contains("Exemplar 1, activation 24.79:\n□\nExemplar 2,"))
        #expect(user.outside.hasSuffix("Propose 4 hypotheses that differ from each other.\n\n"))
    }

    @Test func rendersTheRepairTurn() throws {
        let faults = [
            SchemaFault(place: "$", reason: "lacks \"formula\""),
            SchemaFault(place: "$.x", reason: "line one\nline two"),
        ]
        let turn = try PromptSet().render(RepairBriefing(faults))
        let parts = try Fenced(turn.user)
        #expect(parts.bodies == ["- $: lacks \"formula\"\n- $.x: line one\nline two"])
        #expect(
            parts.outside == """
                Your last reply could not be used. The check that read it found:

                □

                Send the whole reply again with these faults mended and the rest as it was: one JSON document in the form that was asked
                for, with nothing before or after it.


                """)
    }

    @Test func hashesAreSortedByNameAndNameTheVersion() throws {
        let hashes = try PromptSet().hashes
        #expect(hashes == hashes.sorted { $0.name < $1.name })
        #expect(hashes.allSatisfy { $0.version >= 1 })
        #expect(Set(hashes.map(\.hash)).count == hashes.count)
    }

    @Test(arguments: [
        "explain-othello/proposer.md", "explain-othello/proposer.schema.json",
        "explain-othello/formulas.md", "explain-text/rules.md", "explain-text/designer.md",
        "mine-text/expressions.md", "mine-text/features.md", "mine-text/task.md",
        "mine-text/annotator.md",
        "shared/data-preamble.md", "shared/repair.md",
    ])
    func aChangeOfAFileChangesTheHashesOfWhatIncludesIt(path: String) throws {
        let changed = try withOverlay([path: change(path)]) { try PromptSet(overlay: $0) }
        let shipped = try PromptSet()
        for (old, new) in zip(shipped.prompts, changed.prompts) {
            let includes = new.usersFiles == [path]
            #expect((old.hash != new.hash) == includes, "\(new.name)")
            #expect(includes || new.usersFiles.isEmpty)
        }
        #expect(zip(shipped.hashes, changed.hashes).contains { $0 != $1 })
    }

    /// So that a run of one kind of inquiry goes on after another kind's prompts have changed.
    @Test func aRunRecordsThePromptsOfItsOwnInquiry() throws {
        let path = "explain-text/rules.md"
        let shipped = try PromptSet()
        let changed = try withOverlay([path: change(path)]) { try PromptSet(overlay: $0) }
        #expect(
            shipped.hashes(of: "explain-othello").map(\.name)
                == ["explain-othello/proposer", "explain-othello/refiner", "shared/repair"])
        #expect(
            shipped.hashes(of: "explain-othello") == changed.hashes(of: "explain-othello"))
        #expect(shipped.hashes(of: "explain-text") != changed.hashes(of: "explain-text"))
    }

    /// Which end of line an editor writes says nothing about the prompt.
    @Test func lineEndsDoNotChangeAHash() throws {
        let path = "explain-othello/refiner.md"
        let text = try shippedText(path).replacing("\n", with: "\r\n")
        let set = try withOverlay([path: text]) { try PromptSet(overlay: $0) }
        #expect(set.hashes == (try PromptSet()).hashes)
    }

    @Test func refusesValuesThatAreNotThePrompts() throws {
        let prompt = try PromptSet().prompt(role: "refiner", inquiry: "explain-othello")
        var values = prompt.sample
        values["bar"] = nil
        #expect(throws: misfit("\"bar\" is missing")) { try prompt.messages(values) }
        values["bar"] = .text("high")
        #expect(throws: misfit("\"bar\" is a text where a number is due")) {
            try prompt.messages(values)
        }
        values["bar"] = .number(.nan)
        #expect(throws: misfit("\"bar\" is nan, which is no number")) {
            try prompt.messages(values)
        }
        values["bar"] = .number(0.75)
        values["roles"] = .records([[:]])
        #expect(throws: misfit("\"roles[0].arm\" is missing")) { try prompt.messages(values) }
        values["roles"] = .records([])
        values["mood"] = .text("")
        #expect(throws: misfit("\"mood\" is no value of it")) { try prompt.messages(values) }
    }

    @Test func refusesAPromptThatIsNotThere() throws {
        let set = try PromptSet()
        #expect {
            try set.prompt(role: "critic", inquiry: "explain-othello")
        } throws: {
            "\($0)".contains("\"explain-othello/critic\"; known are evaluate-text/detection")
        }
    }

    @Test func readsTheValuesOfAFileAsDataWhereDataIsDue() throws {
        let prompt = try PromptSet().prompt(role: "repair", inquiry: "shared")
        let bare = try prompt.values(reading: ["faults": "- x"], file: "d.json")
        #expect(bare == ["faults": .data("- x")])
        #expect(throws: PromptError.self) {
            try prompt.values(reading: ["faults": 1], file: "d.json")
        }
        #expect(throws: PromptError.self) { try prompt.values(reading: [1], file: "d.json") }
    }

    private func misfit(_ reason: String) -> PromptError {
        .values(prompt: "explain-othello/refiner", reason: reason)
    }

    private func change(_ path: String) throws -> String {
        let text = try shippedText(path)
        return path.hasSuffix(".json") ? text + "\n" : text + "\nOne more line.\n"
    }
}

func withOverlay<Result>(
    _ files: [String: String], _ body: (String) throws -> Result
) throws -> Result {
    let scratch = try Scratch()
    for (name, text) in files { try scratch.write(text, to: name) }
    return try body(scratch.folder.path)
}

extension PromptSet {
    /// Every prompt's hash, by name.
    var hashes: [PromptHash] {
        prompts.map { PromptHash(name: $0.name, version: $0.version, hash: $0.hash) }
    }
}
