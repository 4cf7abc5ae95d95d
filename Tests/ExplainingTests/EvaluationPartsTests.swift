import Instruments
import JSON
import LinearAlgebra
import Statistics
import SubjectMaterial
import Testing

@testable import Explaining

/// The parts that judging explanations is made of.
@Suite struct EvaluationPartsTests {
    @Test(arguments: UInt64(0)..<60) func sumsGiveTheStatisticsThemselves(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count = 2 + generator.below(40)
        let said = (0..<count).map { _ in generator.below(11) }
        let truth = (0..<count).map { _ in generator.below(2) == 0 }
        let values = (0..<count).map { _ in generator.normal() }
        let moments = SumStatistics.moments(said.map(Double.init), values)
        let direct = RankStatistics.pearson(said.map(Double.init), values) ?? 0
        #expect(abs((SumStatistics.correlation(moments) ?? 9) - direct) < 1e-9)
        let bins = zip(said, truth).map { SumStatistics.bin($0, fires: $1) }
        let sum = bins.dropFirst().reduce(bins[0]) { zip($0, $1).map(+) }
        let area = RankStatistics.auroc(scores: said.map(Double.init), labels: truth)
        #expect(SumStatistics.auroc(sum).map { abs($0 - (area ?? 9)) < 1e-12 } ?? (area == nil))
    }

    @Test func correlationIsZeroForAConstantPrediction_andNoneForAConstantTruth() {
        #expect(SumStatistics.correlation(SumStatistics.moments([3, 3, 3], [0, 1, 5])) == 0)
        #expect(SumStatistics.correlation(SumStatistics.moments([0, 1, 5], [0, 0, 0])) == nil)
    }

    @Test func makesOnePieceOfTokensThatShareACharacter() throws {
        let text = try #require(
            MeasuredText(
                .init(
                    spellings: ["<|endoftext|>", "A", "Ġcaf", "Ã", "©", "Ġbar"],
                    values: [9, 0, 1, 2, 5, 0])))
        #expect(text.pieces == ["A", " caf", "é", " bar"])
        #expect(text.values == [0, 1, 5, 0])
        #expect(MeasuredText(.init(spellings: ["a\u{FFFD}"], values: [1])) == nil)
    }

    @Test(arguments: UInt64(0)..<40) func windowsHoldTheGreatestActivation(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let count = 1 + generator.below(60)
        let text = MeasuredText(
            pieces: (0..<count).map { "p\($0) " },
            values: (0..<count).map { _ in Float(generator.unit()) })
        let window = text.window(1 + generator.below(20))
        #expect(window.maximum?.value == text.maximum?.value)
        #expect(text.text.contains(window.text))
        let before = text.silent(.prefix).window(4)
        #expect(before.pieces.last == text.pieces.last)
    }

    @Test func marksNeighboursAsOne() {
        let text = MarkedText(pieces: ["The", " red", " dog", " ran"], marked: [1, 2])
        #expect(ModelJudge.written(text) == "The⟦ red dog⟧ ran")
        let end = MarkedText(pieces: ["a", " b"], marked: [0, 1])
        #expect(ModelJudge.written(end) == "⟦a b⟧")
    }

    @Test(arguments: [
        ("words related to colors", "class(colour)"),
        ("animals and vehicles", "class(animal) | class(vehicle)"),
        ("the words \"stop\" or “halt”", "word(\"halt\", \"stop\")"),
        ("the numbers 2, 4 and 5", "word(\"2\", \"4\", \"5\")"),
        ("the character \"<\"", "mark(\"<\")"), ("capitalised words", "capitalised"),
        ("words ending in \"ing\"", "suffix(\"ing\")"),
        ("words at the start of a sentence", "sentenceStart"),
        ("names after \"Mr\"", "class(name) & previous(\"mr\")"),
        ("numbers in general", "class(number) | kind(number)"),
        ("words starting with \"un\"", "prefix(\"un\")"),
    ])
    func readsWordsThatMeanWhatTheySay(words: String, formula: String) {
        #expect(LexicalReader.rule(words).value?.formula == formula)
    }

    @Test(arguments: [
        "colors, but only when negated", "phrases that are similes", "not animals", "",
        "warm colors", "the phrase \"as well as\"", "words", String(repeating: "a ", count: 2_000),
    ])
    func abstains_whereAWordIsNotUnderstood(words: String) {
        guard case .abstained(let reason) = LexicalReader.rule(words) else {
            Issue.record("it must not be read")
            return
        }
        #expect(!reason.isEmpty)
    }

    /// Words of every kind in every order: read or not, but never a crash.
    @Test(arguments: UInt64(0)..<100) func survivesAnyWords(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let parts = [
            "words", "\"", "“", "”", "12", "colour", "numbers", "after", "ending", "in", "start",
            "sentence", "capitals", ",", "\"x\"", "<", "😀", "and", "\"a b\"", "line", "before",
        ]
        let text = (0..<generator.below(30)).map { _ in parts[generator.below(parts.count)] }
            .joined(separator: " ")
        if let rule = LexicalReader.rule(text).value { #expect(!rule.formula.isEmpty) }
    }

    private static let puzzles = SharedData.file("explanations/neuron-puzzles.json")

    /// Without a model most explanations say more than a rule can; the one that does not is solved.
    @Test(.enabled(if: puzzles != nil, SharedData.absence))
    func ranksThePuzzleItCanRead_andSaysThatItCannotReadTheOthers() async throws {
        guard case .puzzles(let puzzles) = try ImportedDocument.read(Self.puzzles ?? "") else {
            Issue.record("these are puzzles")
            return
        }
        let report = try await PuzzleReport.run(
            puzzles, judge: FormulaJudge(.words), settings: EvaluationSettings())
        #expect(report.puzzles.count == 10 && report.failed == 0)
        #expect(report.count(.solved) == 1 && report.count(.unread) == 9)
        #expect(report.puzzles.first?.candidates.first?.formula == "class(colour)")
        let unread = report.puzzles.flatMap(\.candidates).filter { $0.score.estimate == nil }
        #expect(unread.allSatisfy { $0.score.absence?.isEmpty == false })
    }

    @Test func writesARunForOthers_andReadsItBack() throws {
        let folder = try TemporaryFolder()
        let row = RunExport.Row(
            feature: "latent 12", index: 12, verdict: "supported", label: "the word \"a\", or =1",
            description: "says a", statement: "the word \"a\", or =1", formula: "word(\"a\")",
            scores: nil, hypotheses: 3, probes: 40)
        let export = RunExport(run: "r", rows: [row], unexplained: 2)
        let csv = try ExplanationFile(path: try folder.write("a.csv", export.table.text))
        #expect(csv.entries.map(\.label) == [row.label] && csv.entries[0].source == "r")
        #expect(csv.entries[0].description == "says a" && csv.entries[0].index == 12)
        let lines = try JSONValue(parsing: export.lines)
        #expect(lines["formula"]?.string == row.formula)
        #expect(lines["statement"]?.string == row.statement)
        let source = try NeuronpediaSource(parsing: "gpt2-small/6-res-jb")
        let list = try export.neuronpediaList(of: source)
        #expect(list.explanations.map(\.feature.index) == [12])
        #expect(list.explanations.map(\.text) == [row.statement])
        #expect(try export.delphi(module: "layers.6").explanations.values.first == row.label)
        var known = ImportedFeature(try NeuronpediaFeature(source: source, index: 12))
        known.exemplars = [.init(spellings: ["a"], values: [1])]
        let features = try export.features(of: source, known: [known])
        #expect(features[0].exemplars == known.exemplars)
        #expect(try NeuronRecord(features[0]).layer == 6)
        #expect(features[0].explanations.map(\.text) == [row.label])
    }
}
