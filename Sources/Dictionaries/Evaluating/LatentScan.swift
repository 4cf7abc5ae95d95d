import LinearAlgebra
import Subjects

/// A latent at a threshold as a classifier of a property.
public struct LatentMatch: Sendable, Hashable {
    public let latent: Int
    public let property: Int
    /// Which of the thresholds.
    public let threshold: Int
    /// On how many rows the latent is above the threshold and the property holds.
    public let truePositives: Int
    /// On how many it is above.
    public let positives: Int
    /// On how many the property holds.
    public let holding: Int

    /// 2TP / (2TP + FP + FN), 0 where nothing is true and nothing above.
    public var f1: Double {
        let all = positives + holding
        return all > 0 ? 2 * Double(truePositives) / Double(all) : 0
    }
}

/// Every latent at every threshold beside every property, on one set of rows.
///
/// - Complexity: for each activation the number of properties that hold on its row, and latents ·
///   thresholds · properties for the comparison.
public struct LatentScan: Sendable {
    public let thresholds: ActivationThresholds
    public let propertyCount: Int
    /// For each threshold and property, [thresholds][properties], the latent with the greatest F1; of
    /// equal ones that with the lower number.
    public let best: [[LatentMatch]]
    /// For each latent its property and threshold with the greatest F1; nil for one that never fires.
    public let ofLatent: [LatentMatch?]
    /// For each threshold and latent, [thresholds][latents], the properties that are nearly sure when
    /// the latent is above.
    let precise: [[BitSet]]

    /// What makes a property nearly sure.
    public struct Precision: Sendable, Hashable {
        /// P(property | above).
        public var least = 0.95
        /// Rows on which both are; as in the published code, not only those on which the latent is
        /// above.
        public var leastCount = 10

        public init() {}
    }

    public init(
        _ table: LatentTable, _ properties: PropertyBits, thresholds: ActivationThresholds,
        precision: Precision = Precision(), threads: Int = 1
    ) {
        precondition(
            table.rowCount == properties.rowCount,
            "LatentScan: \(table.rowCount) rows of latents, \(properties.rowCount) of properties")
        let lists = PropertyLists(properties)
        let size = 32
        let chunkCount = (table.latentCount + size - 1) / size
        var parts = [Part?](repeating: nil, count: chunkCount)
        parts.withUnsafeMutableBufferPointer { buffer in
            // Each worker writes to parts of its own.
            nonisolated(unsafe) let parts = buffer
            inParallel(chunkCount, threads: threads) { chunk in
                let last = min(table.latentCount, (chunk + 1) * size)
                var part = Part(lists, thresholds, precision)
                for latent in chunk * size..<last { part.add(latent, table) }
                parts[chunk] = part
            }
        }
        self.thresholds = thresholds
        propertyCount = properties.count
        let found = parts.compactMap { $0 }
        let (levels, count) = (thresholds.shares.count, properties.count)
        // In the order of the latents, so that threads change nothing.
        best = (0..<levels).map { level in
            (0..<count).map { property in
                found.map { $0.best[level * count + property] }.reduce(
                    LatentMatch.none(property, level, lists.counts[property])
                ) { $1.f1 > $0.f1 ? $1 : $0 }
            }
        }
        ofLatent = found.flatMap(\.ofLatent)
        precise = (0..<levels).map { level in found.flatMap { $0.precise[level] } }
    }

    /// Some latents' share of a scan.
    private struct Part {
        let lists: PropertyLists
        let thresholds: ActivationThresholds
        let precision: Precision
        var best: [LatentMatch]
        var ofLatent: [LatentMatch?] = []
        var precise: [[BitSet]]
        /// [levels + 1][properties + 1]: by how many thresholds an activation is above; the last
        /// column counts the activations themselves.
        private var counts: [Int32]

        init(
            _ lists: PropertyLists, _ thresholds: ActivationThresholds, _ precision: Precision
        ) {
            self.lists = lists
            self.thresholds = thresholds
            self.precision = precision
            let levels = thresholds.shares.count
            best = (0..<levels).flatMap { level in
                (0..<lists.propertyCount).map { .none($0, level, lists.counts[$0]) }
            }
            precise = Array(repeating: [], count: levels)
            counts = Array(repeating: 0, count: (levels + 1) * (lists.propertyCount + 1))
        }

        mutating func add(_ latent: Int, _ table: LatentTable) {
            count(latent, table)
            let (levels, size) = (thresholds.shares.count, lists.propertyCount)
            var own: LatentMatch?
            for level in 0..<levels {
                let row = (level + 1) * (size + 1)
                let positives = Int(counts[row + size])
                var sure = BitSet(count: size)
                for property in 0..<size {
                    let match = LatentMatch(
                        latent: latent, property: property, threshold: level,
                        truePositives: Int(counts[row + property]), positives: positives,
                        holding: lists.counts[property])
                    guard match.truePositives > 0 else { continue }
                    let f1 = match.f1
                    if f1 > best[level * size + property].f1 {
                        best[level * size + property] = match
                    }
                    if f1 > own?.f1 ?? 0 { own = match }
                    if match.truePositives >= precision.leastCount,
                        Double(match.truePositives) >= precision.least * Double(positives)
                    {
                        sure.insert(property)
                    }
                }
                precise[level].append(sure)
            }
            ofLatent.append(own)
        }

        /// Fills ``counts``: row n + 1 for activations above threshold n.
        private mutating func count(_ latent: Int, _ table: LatentTable) {
            let (levels, size) = (thresholds.shares.count, lists.propertyCount)
            let floors = thresholds.floors(of: latent)
            let range = table.latentStarts[latent]..<table.latentStarts[latent + 1]
            counts.withUnsafeMutableBufferPointer { counts in
                counts.update(repeating: 0)
                for place in range {
                    let level = ActivationThresholds.level(table.valuesByLatent[place], floors)
                    let row = Int(table.rows[place])
                    let start = level * (size + 1)
                    counts[start + size] += 1
                    for entry in lists.starts[row]..<lists.starts[row + 1] {
                        counts[start + Int(lists.properties[entry])] += 1
                    }
                }
                // An activation that is above one threshold is above all lower ones.
                for level in stride(from: levels - 1, to: 0, by: -1) {
                    for column in 0...size {
                        counts[level * (size + 1) + column] +=
                            counts[(level + 1) * (size + 1) + column]
                    }
                }
            }
        }
    }
}

extension LatentMatch {
    /// What nothing matches.
    static func none(_ property: Int, _ threshold: Int, _ holding: Int) -> LatentMatch {
        LatentMatch(
            latent: 0, property: property, threshold: threshold, truePositives: 0, positives: 0,
            holding: holding)
    }
}
