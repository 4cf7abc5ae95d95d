import Digests
import Foundation
import Instruments
import JSON

@testable import Exemplars

/// The plain twin of a pass: every activation of the corpus in memory, and sorting.
struct SlowExemplars {
    struct Context {
        let number: Int
        let document: Int
        let hash: Digest
        let firstToken: Int
        let ids: [Int]
        /// A latent's activations, one a token.
        var values: [[Float]]
        let key: UInt64
    }

    let plan: ExemplarPlan
    let contexts: [Context]

    init(_ subject: TextSubject, _ corpusPath: String, _ plan: ExemplarPlan) throws {
        self.plan = plan
        var contexts: [Context] = []
        let lines = try String(contentsOfFile: corpusPath, encoding: .utf8).split(separator: "\n")
        for (document, line) in lines.enumerated() {
            let text = try JSONValue(parsing: String(line))["text"]?.string ?? ""
            let all = try subject.tokens(of: text).ids.dropFirst()
            var first = 0
            while first < all.count {
                let ids = Array(all.dropFirst(first).prefix(plan.contextLength))
                let rows = try subject.latents(of: [[0] + ids])[0].dropFirst()
                var hash = SHA256()
                for id in ids { hash.update([UInt8(id & 255), UInt8(id >> 8), 0, 0]) }
                contexts.append(
                    Context(
                        number: contexts.count, document: document,
                        hash: SHA256.digest(of: text), firstToken: first, ids: ids,
                        values: (0..<subject.dictionary.latentCount).map { latent in
                            rows.map { $0[latent] }
                        }, key: hash.finalize().prefix64))
                first += plan.contextLength
            }
        }
        self.contexts = contexts
    }

    /// Contexts in which a latent fires, those of the same tokens once.
    func firing(_ latent: Int) -> [Context] {
        var seen: Set<[Int]> = []
        return contexts.filter {
            ($0.values[latent].max() ?? 0) > 0 && seen.insert($0.ids).inserted
        }
    }

    func window(_ context: Context, _ latent: Int) -> Range<Int> {
        let values = context.values[latent]
        guard values.count > plan.window, let maximum = values.max(),
            let peak = values.firstIndex(of: maximum)
        else { return 0..<values.count }
        let start = max(0, min(peak - plan.window * 3 / 4, values.count - plan.window))
        return start..<start + plan.window
    }

    func top(_ latent: Int) -> [Context] {
        let order = firing(latent).sorted {
            let (a, b) = ($0.values[latent].max() ?? 0, $1.values[latent].max() ?? 0)
            return a == b ? $0.number < $1.number : a > b
        }
        return Array(order.prefix(plan.topCount))
    }

    /// On how many tokens both fire.
    func together(_ a: Int, _ b: Int) -> Int {
        contexts.reduce(0) { sum, context in
            sum + zip(context.values[a], context.values[b]).count { $0 > 0 && $1 > 0 }
        }
    }
}
