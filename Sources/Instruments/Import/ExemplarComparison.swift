import Foundation

/// What an instrument reads on published exemplars, beside what was published.
///
/// Numbers differ between programs: another precision, a first token or none, rows centred or not. This
/// shows it before a study rests on it.
public struct ExemplarComparison: Sendable, Hashable {
    /// Exemplars that were compared.
    public private(set) var exemplarCount = 0
    /// Why others were not, and how many.
    public private(set) var skipped: [String: Int] = [:]
    /// Published and measured activation of each token.
    public private(set) var pairs: [SIMD2<Float>] = []
    /// The greatest activation that was published among those compared.
    public private(set) var greatest: Float = 0

    /// Exemplars that are compared at most.
    public static let exemplarLimit = 200

    /// Measures the texts that the exemplars' tokens spell. Those whose tokens are other ones here are
    /// left out, and counted.
    public init(
        _ feature: ImportedFeature, with instrument: any TextInstrument
    ) async throws(InstrumentError) {
        let exemplars = feature.exemplars.prefix(Self.exemplarLimit)
        if feature.exemplars.count > exemplars.count {
            skipped["beyond the first \(Self.exemplarLimit)"] =
                feature.exemplars.count - exemplars.count
        }
        let readable = exemplars.filter { $0.text?.isEmpty == false }
        if readable.count < exemplars.count {
            skipped["the text is not known"] = exemplars.count - readable.count
        }
        let outcomes = try await instrument.readings(
            of: readable.map { $0.text ?? "" }, latents: [feature.feature.index])
        for (exemplar, outcome) in zip(readable, outcomes) { take(exemplar, outcome) }
    }

    private mutating func take(_ exemplar: ImportedFeature.Exemplar, _ outcome: TextOutcome) {
        guard let reading = outcome.reading else {
            skipped["cannot be measured", default: 0] += 1
            return
        }
        let published = zip(exemplar.tokens, exemplar.values).filter { !$0.0.isSpecial }
        let measured = zip(reading.tokens, reading.values[0]).filter { !$0.0.isSpecial }
        guard Self.agree(published.map(\.0), measured.map(\.0), exemplar.text ?? "") else {
            skipped["has other tokens here", default: 0] += 1
            return
        }
        exemplarCount += 1
        pairs += zip(published, measured).map { SIMD2($0.1, $1.1) }
        greatest = max(greatest, published.map(\.1).max() ?? 0)
    }

    /// Whether both cut the text at the same places. Where a token begins is no part of it, for some
    /// leave a space in front out, nor is an end within a character, which some move to its own.
    private static func agree(
        _ published: [TextReading.Token], _ measured: [TextReading.Token], _ text: String
    ) -> Bool {
        let bytes = Array(text.utf8)
        return published.count == measured.count
            && zip(published, measured).allSatisfy { published, measured in
                guard let end = published.bytes?.upperBound else { return false }
                let isWithin = end < bytes.count && bytes[end] & 0xC0 == 0x80
                return isWithin || measured.bytes?.upperBound == end
            }
    }

    /// |measured − published| of each token over ``greatest``, ascending; empty if nothing fires.
    public var relativeDifferences: [Float] {
        guard greatest > 0 else { return [] }
        return pairs.map { abs($0.y - $0.x) / greatest }.sorted()
    }

    /// Pearson's correlation over all tokens, or nil where one side does not vary.
    public var correlation: Double? {
        let count = Double(pairs.count)
        guard count > 1 else { return nil }
        let x = pairs.map { Double($0.x) }
        let y = pairs.map { Double($0.y) }
        let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for (x, y) in zip(x, y) {
            xx += (x - meanX) * (x - meanX)
            yy += (y - meanY) * (y - meanY)
            xy += (x - meanX) * (y - meanY)
        }
        return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
    }

    /// One line: how many, worst, median, correlation, what was left out.
    public var summary: String {
        let differences = relativeDifferences
        var text = "\(exemplarCount) exemplars, \(pairs.count) tokens"
        if let worst = differences.last {
            text += String(
                format: "; off by %.2g of the greatest activation at worst, %.2g in the median",
                worst, differences[differences.count / 2])
        }
        if let correlation { text += String(format: "; correlation %.5f", correlation) }
        for (reason, count) in skipped.sorted(by: { $0.key < $1.key }) {
            text += "; \(count) left out: \(reason)"
        }
        return text
    }
}
