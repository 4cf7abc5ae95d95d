import Foundation
import JSON
import LinearAlgebra
import SubjectMaterial
import Testing

@testable import Instruments

/// Other tools' formats: what is written is read back, and what is damaged is refused by name.
@Suite struct FormatTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let characters: [Character] = Array("abc Ġ▁é,\"\n\\<>日\u{301}😀;=\r\t0")

    private static func text(_ generator: inout SeededGenerator, least: Int = 0) -> String {
        String(
            (0..<(least + generator.below(6))).map { _ in
                characters[generator.below(characters.count)]
            })
    }

    private static func exemplar(
        _ generator: inout SeededGenerator, bins: Bool
    ) -> ImportedFeature.Exemplar {
        let count = 1 + generator.below(6)
        return .init(
            spellings: (0..<count).map { _ in text(&generator) },
            values: (0..<count).map { _ in Float(generator.normal()) },
            bin: bins && generator.below(2) == 0
                ? .init(minimum: 0.5, maximum: Float(generator.unit()) + 1, share: 0.1) : nil)
    }

    private static func features(_ seed: UInt64) throws -> [ImportedFeature] {
        var generator = SeededGenerator(seed: seed)
        let source = try NeuronpediaSource(model: "gpt2-small", source: "6-res-jb")
        return try (0..<(1 + generator.below(4))).map { index in
            var feature = ImportedFeature(
                try NeuronpediaFeature(source: source, index: index * 7))
            feature.exemplars = (0..<generator.below(4)).map { _ in
                exemplar(&generator, bins: true)
            }
            feature.explanations = (0..<generator.below(3)).map { _ in
                .init(text: text(&generator, least: 1), author: "m", method: "t")
            }
            feature.promoted = (0..<generator.below(4)).map { _ in
                .init(token: text(&generator), value: Float(generator.normal()))
            }
            feature.density = generator.below(2) == 0 ? nil : generator.unit()
            return feature
        }
    }

    @Test(arguments: UInt64(0)..<40) func readsBackAnUpload(seed: UInt64) throws {
        let features = try Self.features(seed)
        let upload = try NeuronpediaUpload(features, author: "m")
        #expect(upload.cuts.isEmpty && upload.bodies.count == 1)
        let text = try JSONValue(parsing: upload.bodies[0].text)
        #expect(try ImportedFeature.read(uploadBatch: text, path: "u") == features)
    }

    @Test func cutsAnUploadToWhatNeuronpediaTakes_andSaysSo() throws {
        var feature = try Self.features(1)[0]
        feature.exemplars = [
            .init(
                spellings: (0..<2_000).map { "t\($0)" },
                values: (0..<2_000).map { $0 == 1_900 ? 5 : 0 })
        ]
        feature.explanations = [
            .init(text: String(repeating: "é", count: 600), author: nil, method: nil)
        ]
        let upload = try NeuronpediaUpload(
            (0..<130).map { index in
                var copy = ImportedFeature(
                    try NeuronpediaFeature(source: feature.feature.source, index: index))
                if index == 0 {
                    copy.exemplars = feature.exemplars
                    copy.explanations = feature.explanations
                }
                return copy
            }, author: "model")
        #expect(upload.bodies.map { $0["features"]?.array?.count } == [128, 2])
        let first = try ImportedFeature.read(uploadBatch: upload.bodies[0], path: "u")[0]
        #expect(first.exemplars[0].values.count == 1_024)
        #expect(first.exemplars[0].values.max() == 5)
        #expect(first.explanations[0].text.count == 512)
        #expect(first.explanations[0].author == "model")
        #expect(upload.cuts.count == 2)
    }

    @Test(arguments: UInt64(0)..<40) func readsBackNeuronRecordsAndDelphi(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let record = NeuronRecord(
            layer: generator.below(48), neuron: generator.below(6_400),
            strongest: (0..<generator.below(4)).map { _ in
                Self.exemplar(&generator, bins: false)
            },
            random: (0..<generator.below(4)).map { _ in Self.exemplar(&generator, bins: false) })
        let path = try folder.write("record.json", record.json.text)
        #expect(try ImportedDocument.read(path) == .neurons([record]))

        var results = DelphiResults()
        let latent = try DelphiLatent(module: "model/layers.5", index: generator.below(100_000))
        results.explanations[latent] = Self.text(&generator)
        results.scores["fuzz"] = [
            latent: (0..<generator.below(4)).map { _ in
                let exemplar = Self.exemplar(&generator, bins: false)
                return DelphiVerdict(
                    tokens: exemplar.spellings, activations: exemplar.values,
                    isActivating: generator.below(2) == 0,
                    prediction: [true, false, nil][generator.below(3)])
            }
        ]
        let run = folder.path + "/delphi-\(seed)"
        try results.write(to: run)
        #expect(try DelphiResults(folder: run) == results)
        #expect(
            try ExplanationFile(path: run).entries.map(\.index) == [latent.index])
    }

    @Test(arguments: UInt64(0)..<60) func readsBackCommaTables(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let width = 2 + generator.below(4)
        let table = CommaTable(
            header: (0..<width).map { "c\($0)" },
            rows: (0..<generator.below(5)).map { _ in
                (0..<width).map { _ in Self.text(&generator) }
            })
        #expect(try CommaTable(parsing: Array(table.text.utf8), path: "t") == table)
    }

    @Test func readsAListBack_andOthersExplanations() throws {
        let list = NeuronpediaList(
            name: "n", description: "d",
            explanations: [(try NeuronpediaFeature(parsing: "m/s/3"), "three")])
        #expect(try NeuronpediaList(list.json, path: "l") == list)
        for (name, text) in [
            ("a.json", #"[{"index": 3, "explanation": "x", "formula": "last", "source": "me"}]"#),
            (
                "g.jsonl",
                #"{"modelId":"m","layer":"s","index":"3","description":"x","embedding":[]}"#
            ),
            ("h.jsonl", #"{"feature":"latent 3","label":"x"}"# + "\n\n"),
            ("b.json", #"{"m/s/3": "x"}"#), ("c.csv", "Feature,Explanation\r\nlatent 3,x\r\n"),
            (
                "f.json",
                #"{"neuron_id":{"layer_index":0,"neuron_index":3},"#
                    + #""scored_explanations":[{"explanation":"x"}]}"#
            ),
            ("d.json", list.json.text.replacing("three", with: "x")),
            (
                "e.json",
                #"{"run":"r","features":[{"feature":"latent 3","statement":"x","formula":"last"},"#
                    + #"{"feature":"latent 4","statement":null}]}"#
            ),
        ] {
            let entries = try ExplanationFile(path: try folder.write(name, text)).entries
            #expect(entries.map(\.index) == [3], "\(name)")
            #expect(entries.map(\.label) == ["x"], "\(name)")
        }
    }

    @Test func readsPuzzles_andRefusesNumbersForTokens() throws {
        let text = #"""
            [["p", {"name": "p", "explanation": "e", "sentences": [["a", [" b", 9], "."]],
                    "false_explanations": ["f", "g"]}]]
            """#
        let path = try folder.write("puzzles.json", text)
        guard case .puzzles(let puzzles) = try ImportedDocument.read(path) else {
            Issue.record("these are puzzles")
            return
        }
        #expect(puzzles[0].exemplars == [.init(spellings: ["a", " b", "."], values: [0, 9, 0])])
        #expect(puzzles[0].falseExplanations == ["f", "g"])
        let bad = try folder.write("bad.json", text.replacing("\".\"", with: "7"))
        #expect {
            try ImportedDocument.read(bad)
        } throws: {
            "\($0)".contains("bad.json") && "\($0)".contains("puzzle 0, sentence 0")
        }
    }

    /// Every damaged file is read or refused with its name; none ends the program.
    @Test(arguments: UInt64(0)..<150) func survivesDamage(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let features = try Self.features(seed)
        let record = try NeuronRecord(features[0])
        let verdict = DelphiVerdict(
            tokens: ["a"], activations: [1], isActivating: true, prediction: nil)
        let texts = [
            try NeuronpediaUpload(features, author: "m").bodies[0].text, record.json.text,
            #"[["p",{"explanation":"e","false_explanations":["f"],"sentences":[["a",["b",1]]]}]]"#,
            #"{"run":"r","features":[{"feature":"latent 3","statement":"x"}]}"#,
            JSONValue.array([verdict.json]).text, "feature,explanation\r\n1,\"a\"\"b\"\r\n",
        ]
        var bytes = Array(texts[generator.below(texts.count)].utf8)
        for _ in 0..<(1 + generator.below(4)) {
            let place = generator.below(bytes.count)
            switch generator.below(4) {
            case 0: bytes[place] = UInt8(generator.below(256))
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + generator.below(9)))
            case 2: bytes.insert(contentsOf: bytes.prefix(1 + generator.below(20)), at: place)
            default: bytes.replaceSubrange(place..<place, with: "9e999".utf8)
            }
            if bytes.isEmpty { bytes = [0x20] }
        }
        let path = folder.path + "/damaged-\(seed).json"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        func attempt(_ body: () throws(InstrumentError) -> Void) {
            do throws(InstrumentError) { try body() } catch { #expect(!"\(error)".isEmpty) }
        }
        attempt { () throws(InstrumentError) in _ = try ImportedDocument.read(path) }
        attempt { () throws(InstrumentError) in _ = try ExplanationFile(path: path) }
        attempt { () throws(InstrumentError) in _ = try CommaTable(parsing: bytes, path: path) }
        attempt { () throws(InstrumentError) in
            let list = try ImportFile.list(ImportFile.json(path), path, "", limit: 10)
            for entry in list { _ = try DelphiVerdict(entry, path: path, place: "0") }
        }
    }
}
