import Foundation
import LinearAlgebra

/// How each term's presence goes with a target, the length of the text taken out.
///
/// Long texts hold more of every word, so a word's presence alone says that a text is long. The score
/// is the semi-partial correlation of presence with the target, times √n: about a standard normal
/// where there is nothing.
struct TermAssociation: Sendable {
    let scores: [Double]
    /// Presence less what length predicts of it, scaled to unit length, would be these columns'
    /// products; kept are only what is needed for them.
    private let slopes: [Double]
    private let spreads: [Double]
    private let terms: DocumentTerms
    private let lengthSquares: Double

    /// - Parameters:
    ///   - target: one number a text; its ranks are better than its values where it has outliers.
    ///   - lengths: one number a text, such as the logarithm of its word count.
    init(_ terms: DocumentTerms, target: [Double], lengths: [Double]) {
        let length = Self.centred(lengths)
        let squares = length.reduce(0) { $0 + $1 * $1 }
        let raw = Self.centred(target)
        let slope = squares > 0 ? zip(raw, length).reduce(0) { $0 + $1.0 * $1.1 } / squares : 0
        let rest = zip(raw, length).map { $0 - slope * $1 }
        let spread = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let count = Double(terms.documentCount)
        var scores: [Double] = []
        var slopes: [Double] = []
        var spreads: [Double] = []
        for term in terms.terms {
            var withTarget = 0.0
            var withLength = 0.0
            term.documents.forEach {
                withTarget += rest[$0]
                withLength += length[$0]
            }
            let share = Double(term.documents.population) / count
            let own = count * share * (1 - share)
            let left = max(1e-9, own - (squares > 0 ? withLength * withLength / squares : 0))
            slopes.append(withLength)
            spreads.append(left.squareRoot())
            scores.append(
                spread > 0 ? withTarget / (left.squareRoot() * spread) * count.squareRoot() : 0)
        }
        self.scores = scores
        self.slopes = slopes
        self.spreads = spreads
        self.terms = terms
        lengthSquares = squares
    }

    /// The correlation of two terms' presence, the length of the text taken out.
    func similarity(_ a: Int, _ b: Int) -> Double {
        let count = Double(terms.documentCount)
        let x = terms.terms[a].documents
        let y = terms.terms[b].documents
        let both = Double(x.intersection(y).population)
        let together = both - Double(x.population) * Double(y.population) / count
        let length = lengthSquares > 0 ? slopes[a] * slopes[b] / lengthSquares : 0
        return (together - length) / (spreads[a] * spreads[b])
    }

    private static func centred(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        return values.map { $0 - mean }
    }
}
