import LinearAlgebra
import Statistics

/// How well single latents stand for single properties: for each property the greatest F1 of any
/// latent, and the mean of these.
///
/// - Source: Karvonen et al. 2024, equation 3. As printed, every property has a threshold of its own
///   (``perProperty(_:)``); their code takes one threshold for all properties, the best
///   (``oneThreshold(_:)``).
public struct Coverage: Sendable {
    public let scan: LatentScan
    /// Properties that hold on some rows but not all; others are left out of every mean.
    public let properties: [Int]

    public init(_ scan: LatentScan, rowCount: Int) {
        self.scan = scan
        properties = (0..<scan.propertyCount).filter { property in
            let holding = scan.best.first?[property].holding ?? 0
            return holding > 0 && holding < rowCount
        }
    }

    /// For each of ``properties`` the best latent at its best threshold, the lowest of equal ones.
    public var perProperty: [LatentMatch] {
        properties.map { property in
            scan.best.dropFirst().reduce(scan.best[0][property]) { best, matches in
                matches[property].f1 > best.f1 ? matches[property] : best
            }
        }
    }

    /// For each of ``properties`` the best latent at the one threshold where the mean is greatest.
    public var oneThreshold: [LatentMatch] {
        var best: (mean: Double, level: Int) = (-1, 0)
        for (level, matches) in scan.best.enumerated() {
            let mean = properties.reduce(0) { $0 + matches[$1].f1 }
            if mean > best.mean { best = (mean, level) }
        }
        return properties.map { scan.best[best.level][$0] }
    }

    /// The mean F1 of some matches; nil without any.
    public static func mean(_ matches: [LatentMatch]) -> Double? {
        matches.isEmpty ? nil : matches.reduce(0) { $0 + $1.f1 } / Double(matches.count)
    }
}

/// Predictions of properties on rows, counted by group of rows, so that whole groups can be drawn
/// again.
///
/// For each group: for each prediction its true positives, its positives, and on how many rows its
/// property holds.
struct GroupedPredictions {
    let predictionCount: Int
    private(set) var groups: [[Double]]

    init(predictionCount: Int, groupCount: Int) {
        self.predictionCount = predictionCount
        groups = Array(
            repeating: Array(repeating: 0, count: 3 * predictionCount), count: groupCount)
    }

    /// Counts chosen latents as classifiers.
    init(
        _ matches: [LatentMatch], _ thresholds: ActivationThresholds, _ table: LatentTable,
        _ properties: PropertyBits, groups rows: [Int], groupCount: Int
    ) {
        self.init(predictionCount: matches.count, groupCount: groupCount)
        for (number, match) in matches.enumerated() {
            let truth = properties.bits[match.property]
            truth.forEach { groups[rows[$0]][3 * number + 2] += 1 }
            let floor = thresholds.floors(of: match.latent)[match.threshold]
            for place in table.latentStarts[match.latent]..<table.latentStarts[match.latent + 1]
            where table.valuesByLatent[place] > floor {
                let row = Int(table.rows[place])
                groups[rows[row]][3 * number + 1] += 1
                if truth[row] { groups[rows[row]][3 * number] += 1 }
            }
        }
    }

    mutating func add(_ prediction: Int, group: Int, predicted: Bool, holds: Bool) {
        groups[group][3 * prediction] += predicted && holds ? 1 : 0
        groups[group][3 * prediction + 1] += predicted ? 1 : 0
        groups[group][3 * prediction + 2] += holds ? 1 : 0
    }

    /// The mean over predictions of 2TP / (2TP + FP + FN), 0 where that is undefined.
    static func meanF1(_ sums: [Double]) -> Double? {
        guard !sums.isEmpty else { return nil }
        let count = sums.count / 3
        let total = (0..<count).reduce(0.0) { total, n in
            let all = sums[3 * n + 1] + sums[3 * n + 2]
            return all > 0 ? total + 2 * sums[3 * n] / all : total
        }
        return total / Double(count)
    }
}
