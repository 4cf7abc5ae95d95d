import Rows
import Tools

/// Induces a contrast of words from discover and select rows together, cross-fitted: the words that a row
/// is valued by were chosen on the rows of other folds.
///
/// A list of hundreds of words needs more texts than the discover rows alone. No proposer reads the
/// select rows for it: the same deterministic procedure is run once without each fold, and once on all,
/// and the tool that the last gives is the one that scores new rows. (Stacking: Wolpert, Neural
/// Networks 5, 1992.)
struct CrossFittedContrast: Sendable {
    /// A tool made from all training rows, and one from all but each fold.
    struct Family: Sendable {
        let tool: FeatureTool
        let foldTools: [FeatureTool]
    }

    private let all: LexiconInducer
    /// The rows that are left without each fold, and the inducer that has read them.
    private let parts: [(rows: [Int], inducer: LexiconInducer)]
    private let isPaired: Bool

    init(_ training: TrainingRows) {
        let texts = training.rows.texts
        let others = training.rows.otherTexts
        isPaired = others != nil
        func inducer(_ rows: [Int]) -> LexiconInducer {
            LexiconInducer(
                texts: rows.map { texts[$0] }
                    + (others.map { others in rows.map { others[$0] } } ?? []))
        }
        all = inducer(Array(texts.indices))
        parts = (0..<((training.folds.max() ?? 0) + 1)).map { fold in
            let rows = texts.indices.filter { training.folds[$0] != fold }
            return (rows, inducer(rows))
        }
    }

    /// - Parameter target: of the training rows: discover, then select.
    /// - Returns: nil where a part has too few telling words.
    func contrast(_ target: [Double], round: Int) -> Family? {
        func signed(_ target: [Double]) -> [Double] {
            isPaired ? target + target.map { -$0 } : target
        }
        guard let tool = all.contrast(target: signed(target), round: round) else { return nil }
        let foldTools = parts.compactMap { part in
            part.inducer.contrast(target: signed(part.rows.map { target[$0] }), round: round)
        }
        return foldTools.count == parts.count ? Family(tool: tool, foldTools: foldTools) : nil
    }
}
