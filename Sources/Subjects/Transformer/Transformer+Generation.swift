import Foundation
import LinearAlgebra

/// How the next token is chosen from logits.
public enum Sampling: Sendable, Hashable {
    /// The greatest logit; of equal ones the first.
    case greedy
    /// At random, with probabilities softmax(logits / temperature), of the `topK` greatest logits
    /// alone unless that is nil.
    case temperature(Float, topK: Int? = nil)

    /// - Precondition: a temperature is above 0, and so is a `topK`.
    public func choose(from logits: [Float], _ generator: inout SeededGenerator) -> Int {
        switch self {
        case .greedy:
            var best = 0
            for token in logits.indices where logits[token] > logits[best] { best = token }
            return best
        case .temperature(let temperature, let topK):
            precondition(temperature > 0 && topK ?? 1 > 0, "sampling at \(temperature)")
            return Self.draw(from: logits, temperature, topK ?? logits.count, &generator)
        }
    }

    private static func draw(
        from logits: [Float], _ temperature: Float, _ topK: Int, _ generator: inout SeededGenerator
    ) -> Int {
        var selection = TopSelection()
        var indices: [UInt32] = []
        logits.withUnsafeBufferPointer { selection.select(topK, of: $0, into: &indices) }
        let greatest = indices.map { logits[Int($0)] }.max() ?? 0
        let weights = indices.map { exp(Double((logits[Int($0)] - greatest) / temperature)) }
        var left = generator.unit() * weights.reduce(0, +)
        for (index, weight) in zip(indices, weights) {
            left -= weight
            if left < 0 { return Int(index) }
        }
        return Int(indices[indices.count - 1])
    }
}

extension Transformer {
    /// Continues a text token by token.
    ///
    /// Blocks the calling thread; do not call it on the cooperative pool.
    ///
    /// - Parameters:
    ///   - prompt: at least one token; a model that wants a start token must be given it.
    ///   - count: how many tokens to add at most; fewer if the context is full.
    ///   - stops: tokens after which to stop; the one met is the last of the result.
    ///   - generator: advanced once per token that is drawn at random.
    /// - Returns: the new tokens.
    /// - Throws: ``SubjectError`` if the prompt cannot be read or an intervention does not fit.
    public func generate(
        after prompt: [Int], count: Int, sampling: Sampling = .greedy, stops: Set<Int> = [],
        interventions: [Intervention] = [], _ generator: inout SeededGenerator
    ) throws(SubjectError) -> [Int] {
        precondition(count >= 0, "\(count) tokens")
        let session = try TransformerSession(
            self, capacity: min(configuration.contextLength, max(1, prompt.count + count)),
            interventions: interventions)
        var result: [Int] = []
        var logits = try session.read(prompt)
        while result.count < count {
            let token = sampling.choose(from: logits, &generator)
            result.append(token)
            guard result.count < count, !stops.contains(token),
                session.tokens.count < session.capacity
            else { break }
            logits = try session.read([token])
        }
        return result
    }
}
