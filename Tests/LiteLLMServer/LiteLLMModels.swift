/// The models that the proxy offers; none of them needs a network.
public enum LiteLLMModels {
    /// Says ``text``.
    public static let rule = "rule"
    /// Asks the proxy itself for `rule`, as if that were OpenAI's: replies to either route are
    /// translated, and streamed, by the code that serves real providers. A mock answers whole on
    /// Anthropic's route even when it is asked to stream.
    public static let relayed = "relayed-rule"
    /// Every request fails with 429, and with 500.
    public static let limited = "limited"
    public static let faulty = "faulty"
    /// The same by way of the proxy itself.
    public static let relayedLimited = "relayed-limited"
    public static let relayedFaulty = "relayed-faulty"
    /// Says ``text`` after a second.
    public static let slow = "slow"
    /// Proposes two formulas about an Othello board.
    public static let proposer = "proposer"
    /// What the proxy does not offer.
    public static let absent = "absent"

    /// 20 tokens by the proxy's count, which is what it states for every mock that is not streamed;
    /// so both ways must state the same.
    public static let text = "The feature fires when A3 holds a disc of the mover: mine(A3), or so."
    /// 10 tokens with what OpenAI adds to a message, for the same reason.
    public static let question = "Which rule?"

    public static let proposal = """
        {"hypotheses": [\
        {"formula": "mine(A3)", "statement": "fires when the mover holds A3", \
        "refuted_by": "silence where the mover holds A3"}, \
        {"formula": "theirs(C2) & !empty(B2)", \
        "statement": "fires when the opponent holds C2 and B2 is taken", \
        "refuted_by": "firing where C2 is empty"}]}
        """

    /// A file for the proxy's `--config`.
    static func configuration(port: Int) -> String {
        let mocks: [(name: String, says: String, more: String)] = [
            (rule, text, ""), (limited, "litellm.RateLimitError", ""),
            (faulty, "litellm.InternalServerError", ""), (slow, text, ", mock_delay: 1"),
            (proposer, proposal, ""),
        ]
        let relays = [(relayed, rule), (relayedLimited, limited), (relayedFaulty, faulty)]
        let models =
            mocks.map { mock in
                """
                  - model_name: \(mock.name)
                    litellm_params: {model: openai/gpt-4o, api_key: none, \
                mock_response: '\(mock.says.replacing("'", with: "''"))'\(mock.more)}
                """
            }
            + relays.map { name, goal in
                """
                  - model_name: \(name)
                    litellm_params: {model: openai/\(goal), api_key: \(LiteLLMProxy.key), \
                api_base: 'http://127.0.0.1:\(port)/v1'}
                """
            }
        // Retries and pauses of the proxy's own would hide what is asked how often.
        return """
            model_list:
            \(models.joined(separator: "\n"))
            router_settings: {num_retries: 0, disable_cooldowns: true}
            litellm_settings:
              num_retries: 0
              telemetry: false
              use_chat_completions_url_for_anthropic_messages: true
            general_settings: {master_key: \(LiteLLMProxy.key)}
            """
    }
}
