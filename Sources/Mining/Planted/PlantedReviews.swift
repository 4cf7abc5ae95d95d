import Foundation
import LinearAlgebra
import Rows
import Tools

/// Rows of which it is known what drives the target: a few built-in statistics with known strengths,
/// the length of the text as a confound, and decoys that vary as much and do nothing.
public struct PlantedReviews: Sendable {
    public let rows: RowSet
    /// The statistics that drive the target, by name.
    public let planted: [String]

    public struct Settings: Sendable {
        public var rows = 2_000
        public var planted = 6
        /// Strengths in standard deviations of the noise, drawn evenly.
        public var strengths = 0.2...0.45
        /// Of the logarithm of the length.
        public var confound = 0.5

        public init() {}
    }

    /// Writes the rows of a seed.
    ///
    /// - Parameter unseen: writes other rows of the same truth, to tell what a score is really worth.
    public init(seed: UInt64, unseen: Bool = false, settings: Settings = Settings()) throws {
        var truth = SeededGenerator(seed: seed, stream: 0x91A7)
        var generator = SeededGenerator(seed: seed, stream: unseen ? 0x91A9 : 0x91A8)
        let dials = ReviewWriter.Dial.allCases
        let writer = ReviewWriter()
        var texts: [String] = []
        for _ in 0..<settings.rows {
            var rates: [ReviewWriter.Dial: Double] = [:]
            for dial in dials { rates[dial] = Self.rate(dial, using: &generator) }
            let length = Int(exp(Double.random(in: log(25)...log(220), using: &generator)))
            texts.append(writer.text(length: length, rates: rates, using: &generator))
        }
        let drawn = dials.map(\.rawValue).shuffled(using: &truth).prefix(settings.planted)
        let tools = ExpressionCatalogue.standard.filter { drawn.contains($0.name) }
        let length = try TextExpression("log1p(words)")
        let expressions = try tools.map { tool in
            guard case .expression(let source) = tool.kind else { return length }
            return try TextExpression(source)
        }
        let columns = ExpressionBatch(expressions + [length]).columns(of: texts)
            .map { Self.standardised($0) }
        var target = texts.indices.map { columns[tools.count][$0] * settings.confound }
        for column in columns.dropLast() {
            let strength = Double.random(in: settings.strengths, using: &truth)
            let sign: Double = Bool.random(using: &truth) ? 1 : -1
            for row in texts.indices { target[row] += sign * strength * column[row] }
        }
        for row in texts.indices { target[row] += generator.normal() }
        planted = tools.map(\.name)
        rows = try RowSet(
            texts.indices.map { index in
                Row(
                    place: RowPlace(number: index + 1, line: index + 1), columns: ["text", "y"],
                    cells: [.text(texts[index]), .number(target[index])])
            }, schema: RowSchema(text: .single("text"), target: .numeric("y")))
    }

    /// A rate of words is low and skewed, as in real texts; one of sentences lies anywhere.
    private static func rate(
        _ dial: ReviewWriter.Dial, using generator: inout SeededGenerator
    ) -> Double {
        let share = Double.random(in: 0..<1, using: &generator)
        switch dial {
        case .exclamations, .questions, .parentheses: return 0.4 * share
        default: return 0.06 * share * share
        }
    }

    private static func standardised(_ values: [Double]) -> [Double] {
        let column: Column = values.map { $0.isFinite ? $0 : nil }
        let (mean, deviation) = column.moments
        return column.map { (($0 ?? mean) - mean) / deviation }
    }
}
