import Foundation
import LinearAlgebra
import Subjects
import Testing

@testable import Dictionaries

/// The figures of numpy, dictionary_learning 0.1.0 and SAELens 6.54.
///
/// - Source: `Fixtures/make_evaluation.py`.
@Suite struct EvaluationParityTests {
    private let file: Safetensors
    private let result: EvaluatedDictionary

    init() throws {
        let path = try #require(
            Bundle.module.path(
                forResource: "evaluation", ofType: "safetensors", inDirectory: "Fixtures"))
        file = try Safetensors(path: path)
        let (d, f, g, rows) = (12, 40, 9, 420)
        let groups = try file.floats("groups", shape: [rows]).map { Int($0) }
        let file = file
        func part(_ name: String) throws -> EvaluationRows {
            let holds = try file.floats("\(name)_holds", shape: [rows, g])
            return EvaluationRows(
                values: try file.matrix("\(name)_rows", rows: rows, columns: d),
                properties: PropertyBits(names: (0..<g).map { "p\($0)" }, rowCount: rows) {
                    holds[$1 * g + $0] > 0
                }, groups: groups)
        }
        let dictionary = SparseAutoencoder(
            .init(
                encoder: try file.matrix("encoder", rows: f, columns: d).transposed(),
                encoderBias: try file.floats("encoder_bias", shape: [f]),
                decoder: try file.matrix("decoder", rows: f, columns: d),
                decoderBias: try file.floats("decoder_bias", shape: [d])),
            architecture: .standard)
        result = try DictionaryEvaluation(
            training: part("train"), test: part("test"), place: "the fixture"
        ).measure(dictionary)
    }

    @Test func everyFigureIsTheirs() throws {
        let names = file.entries.map(\.name).filter { $0.hasPrefix("figure.") }
        #expect(names.count == 17)
        for name in names {
            let figure = try #require(
                EvaluationFigure(rawValue: String(name.dropFirst("figure.".count))))
            let expected = Double(try file.floats(name, shape: [1])[0])
            let estimate = try #require(result[figure], "\(figure)")
            #expect(abs(estimate.value - expected) < 1e-5 * max(1, abs(expected)), "\(figure)")
        }
    }

    @Test func everyPropertyHasTheirBestF1() throws {
        let expected = try file.floats("best_by_property", shape: [9])
        #expect(result.byProperty.count == 9)
        for (match, value) in zip(result.byProperty, expected) {
            #expect(abs(match.f1 - Double(value)) < 1e-5)
        }
    }

    @Test func intervalsHoldTheirValues() throws {
        for figure in result.figures {
            guard let interval = figure.estimate.interval else { continue }
            #expect(interval.contains(figure.estimate.value), "\(figure.figure)")
            #expect(interval.high > interval.low, "\(figure.figure)")
        }
        #expect(result[.coverage]?.interval != nil)
        #expect(result[.explainedVariance]?.interval != nil)
    }
}
