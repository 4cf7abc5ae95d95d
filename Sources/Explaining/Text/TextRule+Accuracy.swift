import LinearAlgebra
import Statistics
import Texts

extension TextRule {
    /// How well the rule says which texts fire.
    ///
    /// - Parameter fires: for each text.
    /// - Returns: nil when all fire or none does.
    func balancedAccuracy(on texts: [TextUnits], fires: [Bool]) -> Double? {
        var predicted = BitSet(count: texts.count)
        for (index, text) in texts.enumerated() where holds(in: text) { predicted.insert(index) }
        return PredictionScorer.counts(
            predicted, fires.map { $0 ? 1 : 0 }, usable: BitSet(allOf: texts.count), threshold: 1
        ).balancedAccuracy
    }
}
