import Digests
import Foundation
import Games
import Inquiry
import Memory
import Reviewing
import Testing

/// Planted claims are true: whoever turns one down is wrong.
@Suite struct KnownTruthTests {
    @Test func plantedClaimsHoldOnTheirExemplars() async throws {
        let scratch = try Scratch()
        try """
        approve: {hypothesis: always}
        controls: {known: 1}
        """.write(toFile: scratch.path("policy.yaml"), atomically: true, encoding: .utf8)
        let result = try await Program.run(
            [
                "explain", Program.example, "--random", "4", "--games", "900", "--controls", "0",
                "--seed", "7", "--approvals", "policy.yaml", "--no-wait", "--memory",
                "memory.sqlite",
            ], in: scratch.folder)
        try #require(result.status == 4, "\(result.errors)")
        let sheets = try await sheets(scratch)
        #expect(sheets.count >= 2)
        let rules = try Othello(size: 6)
        for sheet in sheets {
            let predicate = try BoardPredicate.parse(try #require(sheet.formula), on: rules)
            #expect(sheet.claim == "It fires when \(predicate.sentence(on: rules)).")
            guard case .exemplars(let shown)? = sheet.evidence.first else {
                Issue.record("a planted sheet has no exemplars")
                continue
            }
            #expect(shown.exemplars.count == 8)
            for exemplar in shown.exemplars {
                let moves = try rules.moves(fromTranscript: exemplar.input)
                let seen = Observation(try rules.position(after: moves), on: rules)
                #expect(predicate.holds(in: seen), "\(exemplar.input): \(sheet.claim)")
            }
        }
    }

    /// What is shown on the planted items.
    private func sheets(_ scratch: Scratch) async throws -> [ApprovalSheet] {
        try await Store(path: scratch.path("memory.sqlite")).readReviews { table in
            try table.numbers(ReviewSelection()).compactMap { _, id in
                guard let item = try table.item(id: id), item.isControl,
                    let row = try table.sheet(of: id)
                else { return nil }
                return try CanonicalJSON.decode(ApprovalSheet.self, from: row.content)
            }
        }
    }
}
