import Serving

/// Who sends a request, told by its cookie. Nothing is kept: a cookie holds a rater's name and a token
/// that only the server's secret can make, so that it survives a restart.
struct ReviewSession: Hashable, Sendable {
    let rater: String
    /// Must come with whatever changes something: a page elsewhere cannot read it.
    let formToken: String

    static let tokenHeader = "X-Review-Token"

    /// The session of a request.
    ///
    /// - Throws: 401 without a cookie of somebody who may decide.
    init(
        of request: ServedRequest, secret: ReviewSecret, raters: Set<String>
    ) throws(ReviewRefusal) {
        // A name holds no more than letters, digits and a few signs, and a token no dot.
        guard let cookie = request.cookies[secret.cookieName],
            let dot = cookie.lastIndex(of: ".")
        else { throw .unknownRater }
        try self.init(
            rater: String(cookie[..<dot]), token: String(cookie[cookie.index(after: dot)...]),
            .session, secret: secret, raters: raters)
    }

    /// The session of somebody who shows a token.
    init(
        rater: String, token: String, _ use: ReviewSecret.Use, secret: ReviewSecret,
        raters: Set<String>
    ) throws(ReviewRefusal) {
        guard secret.accepts(token, use, rater: rater), raters.contains(rater) else {
            throw .unknownRater
        }
        self.rater = rater
        formToken = secret.token(.form, rater: rater)
    }

    /// The header that makes the browser keep the session: for this site only, and out of the reach
    /// of scripts.
    func cookie(secret: ReviewSecret) -> String {
        "\(secret.cookieName)=\(rater).\(secret.token(.session, rater: rater)); "
            + "Path=/; HttpOnly; SameSite=Strict"
    }

    /// Refuses what was not sent by a page that was made for this session.
    func check(_ request: ServedRequest, secret: ReviewSecret) throws(ReviewRefusal) {
        guard let token = request.headers[Self.tokenHeader],
            secret.accepts(token, .form, rater: rater)
        else {
            throw .forbidden("the page is out of date: load it again; nothing was decided")
        }
    }
}
