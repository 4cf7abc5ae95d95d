import Foundation
import LinearAlgebra
import Subjects

/// A token and what a latent does to it.
public struct TokenEffect: Sendable, Hashable {
    public let token: Int
    /// As the vocabulary spells it.
    public let text: String
    /// What one unit of the latent's activation adds to its logit.
    public let logit: Float
}

/// What a latent does to the next token by itself.
public struct OutputTokens: Sendable, Hashable {
    /// Greatest first.
    public let promoted: [TokenEffect]
    /// Least first.
    public let suppressed: [TokenEffect]
}

/// How far steering moves the distribution of the next token, beside its controls: the mean over texts
/// of the divergence KL(steered ‖ plain), in nats, after the last token.
public struct SteeringEffect: Sendable, Hashable {
    /// What was added to the stream: strength times the latent's direction.
    public let strength: Float
    public let steered: Double
    /// Along the direction with the wrong sign.
    public let opposite: Double
    /// Along a random direction of the same length.
    public let random: Double
    /// The mean change of the promoted tokens' total probability, of each.
    public let promotion: Promotion

    public struct Promotion: Sendable, Hashable {
        public let steered: Double
        public let opposite: Double
        public let random: Double
    }
}

extension TextSubject {
    /// The tokens that a latent promotes and suppresses most, straight through the unembedding.
    ///
    /// - Parameter count: of each.
    /// - Throws: ``InstrumentError`` for a latent that is not there, or a dictionary that does not write
    ///   to the stream.
    public func outputTokens(
        of latent: Int, count: Int = 10
    ) throws(InstrumentError) -> OutputTokens {
        let direction = try direction(of: latent)
        let logits: [Float]
        do {
            logits = try model.logits(along: direction)
        } catch {
            throw .subject(error)
        }
        // Tokens that the tokenizer does not have are padding of the embedding.
        let known = logits.prefix(tokenizer.vocabularySize)
        let order = known.indices.sorted { (known[$0], $1) > (known[$1], $0) }
        func effects(_ tokens: some Sequence<Int>) -> [TokenEffect] {
            tokens.map {
                TokenEffect(token: $0, text: tokenizer.spelling(of: $0), logit: known[$0])
            }
        }
        return OutputTokens(
            promoted: effects(order.prefix(count)),
            suppressed: effects(order.suffix(count).reversed()))
    }

    /// Adds the latent's direction to every token's stream and compares the next-token distributions.
    ///
    /// Blocks the calling thread; keep it off the cooperative pool.
    ///
    /// - Parameters:
    ///   - strength: in units of the latent's activation; a usual one is its greatest.
    ///   - texts: at least one, none longer than the context.
    ///   - seed: decides the random direction.
    public func steeringEffect(
        of latent: Int, strength: Float, on texts: [String], seed: UInt64
    ) throws(InstrumentError) -> SteeringEffect {
        precondition(!texts.isEmpty, "steering on no text")
        let direction = try direction(of: latent)
        let promoted = try outputTokens(of: latent).promoted.map(\.token)
        var sequences: [[Int]] = []
        for text in texts { sequences.append(try tokens(of: text).ids) }
        let plain = try distributions(sequences, nil, 0)
        var generator = SeededGenerator(seed: seed, stream: UInt64(latent))
        let other = Self.random(like: direction, &generator)
        func compare(
            _ direction: [Float], _ strength: Float
        ) throws(InstrumentError) -> (divergence: Double, promotion: Double) {
            let changed = try distributions(sequences, direction, strength)
            var (divergence, promotion) = (0.0, 0.0)
            for (p, q) in zip(changed, plain) {
                for token in p.indices where p[token] > 0 {
                    divergence += p[token] * log(p[token] / max(q[token], .leastNormalMagnitude))
                }
                for token in promoted { promotion += p[token] - q[token] }
            }
            let count = Double(texts.count)
            return (divergence / count, promotion / count)
        }
        let steered = try compare(direction, strength)
        let opposite = try compare(direction, -strength)
        let random = try compare(other, strength)
        return SteeringEffect(
            strength: strength, steered: steered.divergence, opposite: opposite.divergence,
            random: random.divergence,
            promotion: .init(
                steered: steered.promotion, opposite: opposite.promotion, random: random.promotion))
    }

    /// The next-token distribution after each sequence, with a direction added or not.
    private func distributions(
        _ sequences: [[Int]], _ direction: [Float]?, _ strength: Float
    ) throws(InstrumentError) -> [[Double]] {
        let interventions =
            direction.map { [Intervention(at: hook, .add(direction: $0, scale: strength))] } ?? []
        let request = ForwardRequest(logits: .last, interventions: interventions)
        do {
            let result = try model.forward(sequences, request, threads: threads)
            guard let logits = result.logits else { return [] }
            return sequences.indices.map { Self.softmax(logits.sequence($0).storage) }
        } catch {
            throw .subject(error)
        }
    }

    private static func softmax(_ logits: [Float]) -> [Double] {
        let greatest = Double(logits.max() ?? 0)
        let values = logits.map { exp(Double($0) - greatest) }
        let total = values.reduce(0, +)
        return values.map { $0 / total }
    }

    private static func random(
        like direction: [Float], _ generator: inout SeededGenerator
    ) -> [Float] {
        let values = direction.map { _ in generator.normal() }
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let wanted = direction.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        return values.map { Float($0 * wanted / max(length, .leastNormalMagnitude)) }
    }

    private func direction(of latent: Int) throws(InstrumentError) -> [Float] {
        guard (0..<dictionary.latentCount).contains(latent) else {
            throw .unknownLatent(latent, count: dictionary.latentCount)
        }
        guard dictionary.outputWidth == model.configuration.width else {
            throw .subject(
                .widthMismatch(
                    of: "what dictionary \(dictionary.name) writes", width: dictionary.outputWidth,
                    model: "the stream of \(model.name)", modelWidth: model.configuration.width))
        }
        return dictionary.direction(of: latent)
    }
}
