import Foundation
import SubjectMaterial
import Testing

@testable import Instruments

/// Objects as Neuronpedia's API and export are documented, written here by hand.
@Suite struct ImportTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let activation =
        #""tokens":["<bos>","The","Ġcaf","Ã©"],"values":[9,0,1.5,2.5],"maxValue":2.5,"#
        + #""binMin":1,"binMax":3,"binContains":0.25,"dataIndex":null,"qualifyingTokenIndex":3"#
    private static let description = """
        "pos_str":["Ġcup","tea"],"pos_values":[0.5,0.25],"neg_str":["x"],"neg_values":[-0.5],
        "frac_nonzero":0.001,"maxActApprox":2.5,"hookName":"blocks.6.hook_resid_pre","vector":[]
        """.replacing("\n", with: "")

    private static func feature(
        _ key: String = #""modelId":"gpt2-small","layer":"6-res-jb","index":"12""#
    ) -> String {
        """
        {\(key),\(description),"activations":[{\(activation)}],
         "explanations":[{"description":"cafés","explanationModelName":"m","typeName":"t",
                          "scores":[]}]}
        """
    }

    private func file(_ text: String) throws -> ImportedFeature {
        try ImportedFeature(neuronpediaFile: try folder.write("feature.json", text))
    }

    @Test func readsAFeatureOfTheAPI() throws {
        let feature = try file(Self.feature())
        #expect("\(feature.feature)" == "gpt2-small/6-res-jb/12")
        #expect(feature.promoted.map(\.token) == [" cup", "tea"])
        #expect(feature.suppressed.map(\.value) == [-0.5])
        #expect(feature.density.map { abs($0 - 0.001) < 1e-9 } == true)
        #expect(feature.hookName == "blocks.6.hook_resid_pre")
        #expect(feature.explanations.first?.text == "cafés")
        let exemplar = try #require(feature.exemplars.first)
        #expect(exemplar.text == "The café")
        #expect(exemplar.bin?.share == 0.25)
        #expect(exemplar.tokens.map(\.isSpecial) == [true, false, false, false])
        #expect(exemplar.tokens.map(\.bytes) == [nil, 0..<3, 3..<7, 7..<9])
    }

    @Test(arguments: [
        feature(#""modelId":"m","layer":"s","index":12"#), feature(#""modelId":"m","index":"1""#),
        feature(#""modelId":"m","layer":"s","index":"01""#),
        feature(#""modelId":"../m","layer":"s","index":"1""#),
        feature().replacing("[9,0,1.5,2.5]", with: "[9,0]"),
        feature().replacing("[9,0,1.5,2.5]", with: "[9,0,1,1e99]"),
        feature().replacing(#""frac_nonzero":0.001"#, with: #""frac_nonzero":3"#),
        feature().replacing("[0.5,0.25]", with: "[0.5]"), "[]", "",
    ])
    func refusesAFeature_thatIsNotSound(text: String) throws {
        #expect(throws: InstrumentError.self) { try file(text) }
    }

    private func export(batch: String, packed: Bool) throws -> String {
        let source = folder.path + "/source"
        func write(_ kind: String, _ name: String, _ lines: [String]) throws {
            let path = "\(source)/\(kind)"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
            let file = "\(path)/batch-\(name).jsonl"
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
            guard packed else { return }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["gzip", "-f", file]
            try process.run()
            process.waitUntilExit()
        }
        func key(_ index: Int) -> String {
            #""modelId":"gpt2-small","layer":"6-res-jb","index":"\#(index)""#
        }
        // By text, 10 comes before 9; by number after it.
        try write("features", "0", [10, 11].map { "{\(key($0)),\(Self.description)}" })
        try write("features", batch, [9].map { "{\(key($0)),\(Self.description)}" })
        try write(
            "activations", "0",
            [9, 9, 10].map {
                "{\(key($0)),\(Self.activation)}".replacing("2.5]", with: "\($0).5]")
            })
        try write("explanations", "7", [#"{\#(key(9)),"description":"nine","embedding":[]}"#])
        return source
    }

    @Test(arguments: [true, false])
    func joinsAnExportByKey_whateverItsFilesAreNumbered(packed: Bool) throws {
        let folder = try export(batch: "1", packed: packed)
        let features = try NeuronpediaExport(folder: folder).features
        #expect(features.count == 3)
        let nine = try #require(features.values.first { $0.feature.index == 9 })
        #expect(nine.exemplars.count == 2)
        #expect(nine.explanations.map(\.text) == ["nine"])
        #expect(nine.hookName == "blocks.6.hook_resid_pre")
        let some = try NeuronpediaExport(folder: folder, indices: [10]).features
        #expect(some.keys.map(\.index) == [10])
    }

    @Test func refusesPackedFiles_thatAreCutOrTooLarge() throws {
        let path = try export(batch: "1", packed: true) + "/features/batch-0.jsonl.gz"
        let whole = try #require(FileManager.default.contents(atPath: path))
        func lines(_ bytes: Data, limit: Int = 1 << 20, size: Int = 1 << 20) throws -> Int {
            let cut = try folder.write("cut.gz", Array(bytes))
            var count = 0
            var file = LineFile(path: cut)
            file.lineLimit = limit
            file.sizeLimit = size
            try file.forEachLine { _, _ in count += 1 }
            return count
        }
        #expect(try lines(whole) == 2)
        // The first has no line feed at its end.
        #expect(try lines(whole + whole) == 3)
        for length in stride(from: 3, to: whole.count, by: 7) {
            #expect(throws: InstrumentError.self) { try lines(whole.prefix(length)) }
        }
        #expect(throws: InstrumentError.self) { try lines(whole, limit: 100) }
        #expect(throws: InstrumentError.self) { try lines(whole, size: 100) }
        #expect(throws: InstrumentError.self) { try lines(whole + Data([1, 2, 3])) }
    }

    @Test func comparesExemplarsWithWhatIsMeasured() async throws {
        var feature = ImportedFeature(
            try NeuronpediaFeature(parsing: "gpt2-small/6-res-jb/1"))
        feature.exemplars = [
            .init(spellings: ["a", " cat"], values: [2.0 / 7, 6.0 / 7]),
            .init(spellings: ["<s>", "two", " cats"], values: [50, 6.0 / 7, 1]),
            .init(spellings: ["tw", "o"], values: [1, 1]),
            .init(spellings: ["\u{FFFD}"], values: [1]),
        ]
        let comparison = try await ExemplarComparison(feature, with: FixedInstrument())
        #expect(comparison.exemplarCount == 2)
        #expect(comparison.skipped == ["has other tokens here": 1, "the text is not known": 1])
        #expect(comparison.greatest == 1)
        let worst = try #require(comparison.relativeDifferences.last)
        #expect(abs(worst - 1.0 / 7) < 1e-6)
        #expect(comparison.relativeDifferences.first.map { $0 < 1e-6 } == true)
        #expect((comparison.correlation ?? 0) > 0.95)
        #expect(comparison.summary.contains("correlation"))
    }

    @Test func writesAListForNeuronpedia_withNumbersForIndices() throws {
        let list = NeuronpediaList(
            name: "n", description: "d",
            explanations: [(try NeuronpediaFeature(parsing: "m/s/0"), "zero")])
        #expect(
            list.json.text
                == #"{"name":"n","description":"d","features":[{"modelId":"m","layer":"s","#
                + #""index":0,"description":"zero"}]}"#)
    }
}
