import Exemplars
import Foundation
import LinearAlgebra
import SubjectMaterial
import Subjects
import Testing
import Texts

@testable import Dictionaries

@Suite struct LabelledRowsTests {
    /// A file of 8 rows × 3 and its table.
    private func files(_ table: String) throws -> (TemporaryFolder, String, String) {
        let folder = try TemporaryFolder()
        var file = TensorFile()
        file.add("rows", (0..<24).map { Float($0) }, shape: [8, 3])
        try folder.write("rows.safetensors", file.bytes)
        try folder.write("labels.csv", table)
        return (folder, folder.path + "/rows.safetensors", folder.path + "/labels.csv")
    }

    private let table =
        "text,group,rare\n1,a,0\n0,a,0\n1,b,1\n0,b,0\n1,c,0\n0,c,0\n1,a,1\n0,d,0\n"

    @Test func readsPropertiesAndGroups() throws {
        let (folder, activations, labels) = try files(table)
        defer { withExtendedLifetime(folder) {} }
        let rows = try LabelledRows(
            activations: activations, properties: labels, groups: "group"
        ).rows
        #expect(rows.properties.names == ["text", "rare"])
        #expect(rows.properties.bits.map(\.members) == [[0, 2, 4, 6], [2, 6]])
        #expect(rows.groups == [0, 0, 1, 1, 2, 2, 0, 3])
        #expect(rows.values[7, 2] == 23)
    }

    @Test func refusesTables_whenTheyDoNotFit() throws {
        func refusal(_ table: String, groups: String? = "group") throws -> String {
            let (folder, activations, labels) = try files(table)
            defer { withExtendedLifetime(folder) {} }
            do {
                _ = try LabelledRows(activations: activations, properties: labels, groups: groups)
                return "none"
            } catch {
                return "\(error)"
            }
        }
        #expect(try refusal(table) == "none")
        #expect(try refusal(table, groups: nil).contains("neither 0 nor 1"))
        #expect(try refusal(table + "1,e,0\n").contains("more than 8 rows"))
        #expect(try refusal("text,group\n1,a\n").contains("there are 8 activations"))
        #expect(
            try refusal(table.replacingOccurrences(of: "1,c,0", with: "2,c,0"))
                .contains("neither 0 nor 1"))
        #expect(
            try refusal(table.replacingOccurrences(of: "1,c,0", with: "1,,0"))
                .contains("has no group"))
    }

    @Test func manyGroupsArePutTogether() {
        let rows = PlantedEvaluation(seed: 1, games: 40, moves: 3).training
        let coarse = rows.coarsened(to: 8)
        #expect(coarse.groupCount == 8)
        #expect(coarse.groups == coarse.groups.sorted())
        #expect(rows.coarsened(to: 40) == rows)
    }
}

@Suite struct PredicateRowsTests {
    private func rows(_ plan: PredicateRows.Plan) throws -> PredicateRows {
        let folder = try RandomDecoder.write(width: 32, layers: 2, heads: 4, contextLength: 40)
        var generator = SeededGenerator(seed: 2)
        let text = (0..<30).map { _ in RandomText.paragraph(words: 30, &generator) }
        try folder.write("corpus.txt", text.joined(separator: "\n\n"))
        return try PredicateRows(
            model: folder.path, hook: "blocks.0.hook_resid_post",
            corpus: Corpus(paths: [folder.path + "/corpus.txt"]), plan: plan, threads: 2)
    }

    @Test func everyTokenHasItsUnitsPredicates() throws {
        var plan = PredicateRows.Plan()
        plan.contextLength = 16
        plan.tokens = 1200
        plan.predicates = [
            try TextRule.parse("word(\"dog\")"), try TextRule.parse("sentenceStart"),
        ]
        let rows = try rows(plan)
        for part in [rows.training, rows.test] {
            #expect(part.count > 100)
            #expect(part.properties.names == ["word(\"dog\")", "sentenceStart"])
            let dogs = part.properties.bits[0].population
            #expect(dogs > 0 && dogs < part.count / 4)
        }
        #expect(
            rows.testSequences.reduce(0) { $0 + $1.count - rows.skipped } == rows.test.count)
    }

    @Test func figuresAndLossAreMeasured() throws {
        var plan = PredicateRows.Plan()
        plan.contextLength = 16
        plan.tokens = 800
        let rows = try rows(plan)
        var settings = DictionaryEvaluation.Settings()
        settings.resampling.replicates = 20
        settings.measuresConcepts = false
        let evaluation = try DictionaryEvaluation(texts: rows, settings: settings)
        let folder = try RandomAutoencoder.write(
            width: 32, latents: 64, k: 8, hook: "blocks.0.hook_resid_post")
        let dictionary = try PublishedAutoencoder(path: folder.path).autoencoder
        let result = try evaluation.measure(dictionary)
        #expect(result[.activeLatents]?.value ?? 0 > 4)
        #expect(result[.lossRecoveredZero] != nil)
        #expect((result[.probe]?.value ?? 0) > 0.3)
        #expect(try evaluation.measure(dictionary) == result)
    }
}
