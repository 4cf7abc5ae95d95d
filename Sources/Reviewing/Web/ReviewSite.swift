import Digests
import Foundation
import Memory
import Serving

/// The review pages as a function from requests to replies: who asks, whether it may be, what is
/// answered. It knows no socket.
struct ReviewSite: Sendable {
    let queue: ReviewQueue
    let secret: ReviewSecret
    let raters: Set<String>
    /// Host names that are ours, beside addresses.
    let names: Set<String>
    let feed: ReviewFeed
    let runs: RunReader
    /// Told of what went wrong on our side.
    let report: @Sendable (String) -> Void

    /// On every reply: scripts, styles and pictures come from here and nowhere else, nothing is sent
    /// or shown elsewhere, and nothing is kept by the browser.
    static let protection: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ]

    func reply(to request: ServedRequest) async -> ServedReply {
        var reply = await unprotected(request)
        for header in Self.protection { reply.headers[header.name] = header.value }
        return reply
    }

    private func unprotected(_ request: ServedRequest) async -> ServedReply {
        let wantsData = request.segments.first == "api" || request.segments.first == "events"
        var session: ReviewSession?
        do {
            try RequestOrigin.checkHost(request, names: names)
            let route = try ReviewRoute(request)
            switch route {
            case .enter(let rater, let token):
                return try enter(rater: rater, token: token, request)
            case .asset(let name): return try asset(name)
            default: break
            }
            let known = try ReviewSession(
                of: request, secret: secret, raters: raters)
            session = known
            return try await reply(to: route, request, known)
        } catch {
            return refuse(error, session, asData: wantsData)
        }
    }

    private func reply(
        to route: ReviewRoute, _ request: ServedRequest, _ session: ReviewSession
    ) async throws -> ServedReply {
        switch route {
        case .itemsData(let filter, let offset, let limit):
            return .json(
                try CanonicalJSON.encode(
                    await queue.page(filter, rater: session.rater, offset: offset, limit: limit)))
        case .itemData(let id):
            let sheet = try await queue.sheet(of: id, rater: session.rater)
            return .json(try CanonicalJSON.encode(SheetOutput(sheet, nonce: UUID().uuidString)))
        case .change(let change, let id):
            return try await carryOut(change, on: id, request, session)
        case .events(let position):
            return .events(
                try await feed.changes(after: Self.lastEvent(request) ?? position))
        default: return .html(try await page(route, session))
        }
    }

    /// What a browser that lost its connection says it was told of last.
    private static func lastEvent(_ request: ServedRequest) -> Int? {
        request.headers["Last-Event-ID"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    // MARK: Without a session

    private func enter(
        rater: String, token: String, _ request: ServedRequest
    ) throws(ReviewRefusal) -> ServedReply {
        let session = try ReviewSession(
            rater: rater, token: token, .enter, secret: secret, raters: raters)
        // Of a link that was clicked elsewhere, browsers follow redirections without the cookie; a
        // page of our own they leave with it.
        var reply =
            if ["cross-site", "same-site"].contains(request.headers["Sec-Fetch-Site"]) {
                ServedReply.html(
                    "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">"
                        + "<meta http-equiv=\"refresh\" content=\"0; url=/\"><title>Review</title>"
                        + "<p><a href=\"/\">Go to the queue</a></p></html>")
            } else {
                ServedReply.seeOther("/")
            }
        reply.headers["Set-Cookie"] = session.cookie(secret: secret)
        return reply
    }

    private func asset(_ name: String) throws(ReviewRefusal) -> ServedReply {
        switch name {
        case "review.css": .text(ReviewAssets.css, type: "text/css; charset=utf-8")
        case "review.js": .text(ReviewAssets.js, type: "text/javascript; charset=utf-8")
        default: throw .notFound
        }
    }

    // MARK: Refusing

    private func refuse(
        _ error: any Error, _ session: ReviewSession?, asData: Bool
    ) -> ServedReply {
        var refusal: ReviewRefusal
        if let known = ReviewRefusal(error) {
            refusal = known
        } else {
            report("\(error)")
            refusal = ReviewRefusal(
                status: 500,
                text: "the memory cannot be used; `conjecture serve` said why where it runs")
        }
        var reply: ServedReply
        if asData {
            reply = .json(Self.data(error: refusal.text), status: refusal.status)
        } else {
            reply = .html(
                ReviewPages.message(
                    title: StatusTitle.of(refusal.status), text: refusal.text,
                    session: session.map(PageSession.init)), status: refusal.status)
        }
        reply.headers["Allow"] = refusal.allowed
        return reply
    }
}

/// Headings of pages that say why there is nothing else on them.
enum StatusTitle {
    static func of(_ status: Int) -> String {
        switch status {
        case 400: "This cannot be read"
        case 401: "Who are you?"
        case 403: "Not allowed"
        case 404: "Not found"
        case 405: "Not that way"
        case 409: "It has changed"
        case 422: "That will not do"
        default: "Something went wrong"
        }
    }
}

extension PageSession {
    init(_ session: ReviewSession) {
        self.init(rater: session.rater, formToken: session.formToken)
    }
}
