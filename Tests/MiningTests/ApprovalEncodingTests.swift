import Digests
import Inquiry
import Testing

@testable import Mining

@Suite struct ApprovalEncodingTests {
    @Test func checksWithoutApprovalsAreWrittenAsTheyWere() throws {
        let outcome = MiningEvent.Checks.Outcome(name: "a", repaired: nil, fault: "it fails")
        let text = try CanonicalJSON.encode(outcome)
        #expect(text == #"{"fault":"it fails","name":"a"}"#)
        #expect(try CanonicalJSON.decode(MiningEvent.Checks.Outcome.self, from: text) == outcome)
    }

    private let answer = ApprovalAnswer(
        item: "f-1", contentHash: "", outcome: .rejected(reason: "chance"), by: ["ann", "bob"])

    @Test func packIsKeptBackUntilPeopleHaveDecided() {
        #expect(MiningApprovals.none.allowsPack)
        #expect(!MiningApprovals([], asks: true).allowsPack)
        let free = MiningApproval(subject: .pack, answer: nil)
        #expect(MiningApprovals([.approved([free])], asks: true).allowsPack)
        let kept = MiningApproval(subject: .pack, answer: answer)
        let approvals = MiningApprovals([.approved([kept])], asks: true)
        #expect(!approvals.allowsPack)
        #expect(
            approvals.decisions == [
                .init("pack", "rejected by ann, bob: chance (item f-1)")
            ])
    }
}
