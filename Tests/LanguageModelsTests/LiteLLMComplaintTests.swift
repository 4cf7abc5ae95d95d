import JSON
import Testing

@testable import LanguageModels

/// Errors that a proxy without a database cannot be brought to make, as its source writes them.
@Suite struct LiteLLMComplaintTests {
    private let format = OpenAIFormat(provider: "openai", usesCompletionLimit: true)

    /// The code is the status again; only the type says that asking again cannot help.
    @Test func knowsThatABudgetIsUsedUp() {
        let complaint = format.complaint(in: [
            "error": [
                "message": "Budget has been exceeded! Current cost: 2.1, Max budget: 2.0",
                "type": "budget_exceeded", "param": .null, "code": "429",
            ]
        ])
        #expect(complaint.saysOutOfMoney)
        #expect(complaint.code == "budget_exceeded")
    }

    @Test func takesAWordForACodeBeforeTheType() {
        let complaint = format.complaint(in: [
            "error": [
                "message": "You exceeded your current quota", "type": "insufficient_quota_error",
                "code": "insufficient_quota",
            ]
        ])
        #expect(complaint.saysOutOfMoney)
    }

    @Test func doesWithoutATypeWhereTheCodeIsANumber() {
        let complaint = format.complaint(in: ["error": ["message": "later", "code": 429]])
        #expect(complaint == ServerComplaint(code: "", message: "later"))
    }
}
