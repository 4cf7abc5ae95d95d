/// Why the server answers a request itself. The sentence is fixed: nothing of the request is
/// repeated in it.
struct RequestFault: Error, Equatable {
    let status: Int
    let sentence: String

    static func badRequest(_ sentence: String) -> RequestFault {
        RequestFault(status: 400, sentence: sentence)
    }

    static let headTooLarge = RequestFault(status: 431, sentence: "The headers are too large.")
    static let bodyTooLarge = RequestFault(status: 413, sentence: "The body is too large.")
    static let lengthNeeded = RequestFault(
        status: 411, sentence: "Announce the body's length; chunked bodies are not read.")
    static let unknownVersion = RequestFault(
        status: 505, sentence: "Only HTTP/1.0 and HTTP/1.1 are spoken here.")
    static let unknownMethod = RequestFault(status: 501, sentence: "This method is not known here.")
    static let unknownExpectation = RequestFault(
        status: 417, sentence: "Only 100-continue can be expected here.")
    static let tooSlow = RequestFault(
        status: 408, sentence: "The request took too long to arrive.")
    static let tooMany = RequestFault(
        status: 503, sentence: "There are too many connections; try again soon.")
    static let brokenReply = RequestFault(
        status: 500, sentence: "The reply could not be sent: its status or a header is wrong.")
}
