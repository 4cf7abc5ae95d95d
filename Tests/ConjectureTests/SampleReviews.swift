import Foundation
import LinearAlgebra

/// Rows whose target is driven by what each kind of tool can see: use (which a model rates), doubt (which
/// an expression counts) and exclamation marks (which Python counts).
enum SampleReviews {
    private static let fillers = [
        "stone", "lamp", "window", "garden", "table", "river", "green", "basket", "corner",
        "bridge",
    ]

    static func rows(_ count: Int, seed: UInt64) -> [(
        text: String, target: Double, product: String
    )] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { index in
            let doubt = Int.random(in: 0...4, using: &generator)
            let marks = Int.random(in: 0...4, using: &generator)
            let use = Int.random(in: 0...3, using: &generator)
            var words = (0..<Int.random(in: 20...60, using: &generator)).map { _ in
                fillers[Int.random(in: 0..<fillers.count, using: &generator)]
            }
            for _ in 0..<doubt {
                words[Int.random(in: 0..<words.count, using: &generator)] = "maybe"
            }
            var text = words.joined(separator: " ") + "." + String(repeating: " Oh!", count: marks)
            for week in 0..<use { text += " I used it for \(week + 2) weeks." }
            let noise = Double.random(in: -1.5...1.5, using: &generator)
            let target = Double(use) - 0.6 * Double(doubt) + 0.6 * Double(marks) + noise
            return (text, (target * 100).rounded() / 100, "p\(index % (count / 2))")
        }
    }

    static func jsonl(_ count: Int, seed: UInt64) -> String {
        rows(count, seed: seed).map { row in
            "{\"text\":\"\(row.text)\",\"helpful\":\(row.target),\"product\":\"\(row.product)\"}\n"
        }.joined()
    }
}
