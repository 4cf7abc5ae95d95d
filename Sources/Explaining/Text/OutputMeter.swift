import Dispatch
import Inquiry
import Instruments
import LinearAlgebra
import Statistics

/// Measures what a feature writes.
protocol OutputMeter: Sendable {
    /// - Parameters:
    ///   - strength: in units of the feature's activation.
    ///   - texts: after which the next token is looked at.
    /// - Returns: nil where the dictionary does not write to the stream.
    func outputSide(
        of latent: Int, strength: Float, on texts: [String], seed: UInt64
    ) async throws -> OutputSide?
}

extension OutputSide {
    /// Texts on which steering is measured.
    static let textCount = 24
    /// Tokens that are named, of each kind.
    static let tokenCount = 10
}

/// Measures with a language model in this process.
struct SubjectOutputMeter: OutputMeter {
    let subject: TextSubject
    /// Steering blocks its thread, so it runs here and never on the cooperative pool.
    private static let queue = DispatchQueue(label: "conjecture.output")

    func outputSide(
        of latent: Int, strength: Float, on texts: [String], seed: UInt64
    ) async throws -> OutputSide? {
        guard subject.dictionary.outputWidth == subject.model.configuration.width, !texts.isEmpty
        else { return nil }
        let result = await Self.queue.result { () throws(InstrumentError) in
            try measure(latent, strength, texts, seed)
        }
        return try result.get()
    }

    private func measure(
        _ latent: Int, _ strength: Float, _ texts: [String], _ seed: UInt64
    ) throws(InstrumentError) -> OutputSide {
        let tokens = try subject.outputTokens(of: latent, count: OutputSide.tokenCount)
        var effects: [SteeringEffect] = []
        for text in texts {
            effects.append(
                try subject.steeringEffect(of: latent, strength: strength, on: [text], seed: seed))
        }
        func named(_ effects: [TokenEffect]) -> [OutputSide.Token] {
            effects.map { OutputSide.Token(text: $0.text, logit: Double($0.logit)) }
        }
        var generator = SeededGenerator(seed: seed, stream: UInt64(latent) ^ 0x0507)
        return OutputSide(
            promoted: named(tokens.promoted), suppressed: named(tokens.suppressed),
            strength: Double(strength),
            divergence: Self.effect(
                effects.map { ($0.steered, $0.opposite, $0.random) }, &generator),
            promotion: Self.effect(
                effects.map {
                    ($0.promotion.steered, $0.promotion.opposite, $0.promotion.random)
                }, &generator))
    }

    /// - Parameter values: one for each text.
    private static func effect(
        _ values: [(steered: Double, opposite: Double, random: Double)],
        _ generator: inout SeededGenerator
    ) -> OutputSide.Effect {
        func mean(_ values: [Double]) -> Estimate {
            Bootstrap.meanInterval(values, replicates: 2_000, level: 0.95, generator: &generator)
                ?? Estimate(
                    value: values.reduce(0, +) / Double(max(1, values.count)), interval: nil,
                    count: values.count)
        }
        return OutputSide.Effect(
            steered: mean(values.map(\.steered)), opposite: mean(values.map(\.opposite)),
            random: mean(values.map(\.random)),
            excess: mean(values.map { $0.steered - max($0.opposite, $0.random) }))
    }
}
