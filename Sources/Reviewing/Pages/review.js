"use strict";
// The keyboard, the decisions and the live updates of the review pages. The pages say by attributes what
// there is to do:
//
//   data-key="a"       pressing a clicks it, or focuses it if it is a field; the last one on the page counts
//   data-does="…"      what a click on it does, see `deeds`
//   data-verb="…"      a form that sends this decision; in a field with data-enter Enter sends it
//   data-rows          j and k go through the links in it that carry data-row
//   data-live          put in anew when the queue has changed; needs an id
//   body data-events   where changes are announced; body data-run: the run that the page is about
//
// Nothing is taken for done before the server has said so. What came from the queue is only ever set as
// text, or put in as the server escaped it.
(() => {
    const one = (selector, within = document) => within.querySelector(selector);
    const all = (selector, within = document) => [...within.querySelectorAll(selector)];
    const isShown = element => element.checkVisibility();
    const isField = element => Boolean(element?.matches?.("textarea,select,input:not([type=radio])"));
    const shorten = text => text.length > 90 ? text.slice(0, 89) + "…" : text;
    const keep = (name, value) => sessionStorage.setItem("review-" + name, JSON.stringify(value));
    const kept = name => JSON.parse(sessionStorage.getItem("review-" + name) ?? "null");
    const drop = name => sessionStorage.removeItem("review-" + name);
    const pastTense = {
        approve: "Approved", edit: "Edited", reject: "Rejected", defer: "Deferred", escalate: "Escalated",
    };
    const item = one("#item");
    const panel = () => one("#decision");

    // What the page says

    const say = text => { one("#said").textContent = text; };

    const show = (place, text) => {
        one("span", place).textContent = text;
        place.hidden = false;
    };

    const complain = (text, hasChanged) => {
        const place = one("#message");
        show(place, text);
        one("button", place).hidden = !hasChanged;
        place.scrollIntoView({block: "nearest"});
    };

    // Asking the server

    const post = async (path, body = {}, keepalive = false) => {
        try {
            const reply = await fetch(path, {
                method: "POST", credentials: "same-origin", keepalive, body: JSON.stringify(body),
                headers: {
                    "Content-Type": "application/json",
                    "X-Review-Token": one("meta[name=review-token]").content,
                },
            });
            const answer = await reply.json().catch(() => ({}));
            const error = answer.error ?? `the server answered ${reply.status}`;
            return {ok: reply.ok, status: reply.status, state: answer.state, error};
        } catch {
            const error = "the server cannot be reached; try again: the same decision counts once";
            return {ok: false, status: 0, error};
        }
    };

    /// The lines of the list that this person came from.
    const lines = async search => {
        const reply = await fetch("/api/items" + search, {credentials: "same-origin", cache: "no-store"});
        return reply.ok ? (await reply.json()).lines : [];
    };

    const openStates = ["pending", "claimed", "deferred", "escalated"];
    const isOpen = line => !line.decision && openStates.includes(line.state);

    /// The item so many places from this one among those that fit; in the order of the list when it was
    /// last seen, as what is decided leaves it.
    const neighbour = async (by, fits) => {
        const search = kept("search") ?? "";
        const found = (await lines(search)).filter(line => line.id === item.dataset.id || fits(line));
        let ids = found.map(line => line.id);
        if (!ids.includes(item.dataset.id)) {
            const before = kept("order") ?? [];
            const at = before.indexOf(item.dataset.id);
            const after = before.slice(at + 1).find(id => ids.includes(id));
            const place = at < 0 || !after ? 0 : ids.indexOf(after);
            ids = [...ids.slice(0, place), item.dataset.id, ...ids.slice(place)];
        }
        const at = ids.indexOf(item.dataset.id) + by;
        if (ids[at]) return ids[at];
        return by > 0 && ids.length > 1 && fits === isOpen ? ids[0] : null;
    };

    // Decisions

    let shownSince = performance.now();
    let seconds = 0;
    const look = () => {
        const now = performance.now();
        if (shownSince !== null) seconds += (now - shownSince) / 1000;
        shownSince = document.visibilityState === "visible" ? now : null;
    };
    document.addEventListener("visibilitychange", look);

    // Done when the item is kept for this person: a decision does not overtake that.
    let held = Promise.resolve();

    let isBusy = false;
    const whileBusy = async work => {
        if (isBusy) return;
        isBusy = true;
        document.body.setAttribute("aria-busy", "true");
        try {
            await work();
        } finally {
            isBusy = false;
            document.body.removeAttribute("aria-busy");
        }
    };

    const listAddress = () => "/" + (kept("search") ?? "");

    const decide = (verb, fields = {}) => whileBusy(async () => {
        if (!panel()?.matches("[data-open]")) return say("There is nothing to decide here.");
        await held;
        look();
        const rating = one("input[name=rating]:checked", panel());
        const body = {
            verb, contentHash: panel().dataset.hash, nonce: panel().dataset.nonce,
            seconds: Math.round(seconds * 10) / 10, ...fields,
        };
        if (rating) body.rating = Number(rating.value);
        const {id} = item.dataset;
        const answer = await post(`/api/items/${id}/act`, body);
        if (!answer.ok) return complain(`Nothing was decided: ${answer.error}.`, answer.status === 409);
        keep("last", {id, verb, state: answer.state, claim: one("#claim").textContent, isNew: true});
        const next = await neighbour(1, isOpen).catch(() => null);
        location.assign(next ? "/items/" + next : listAddress());
    });

    const undo = id => whileBusy(async () => {
        const answer = await post(`/api/items/${id}/undo`);
        if (kept("last")?.id === id) drop("last");
        one("#last").hidden = true;
        if (!answer.ok) return complain(`Nothing was undone: ${answer.error}.`, answer.status === 409);
        keep("said", `Taken back: it is ${answer.state} again.`);
        location.assign("/items/" + id);
    });

    const go = by => whileBusy(async () => {
        const next = await neighbour(by, () => true);
        if (next) location.assign("/items/" + next);
        else say(by > 0 ? "This is the last one." : "This is the first one.");
    });

    const toggle = (form, isOpen) => {
        form.hidden = !isOpen;
        const button = one(`[data-form=${form.id}]`);
        button.setAttribute("aria-expanded", String(isOpen));
        (isOpen ? one("textarea", form) : button).focus();
        if (isOpen) form.scrollIntoView({block: "nearest"});
    };

    const deeds = {
        approve: () => decide("approve"),
        defer: () => decide("defer"),
        escalate: () => decide("escalate"),
        open: button => {
            const form = document.getElementById(button.dataset.form);
            for (const other of all("form[data-verb]", panel())) other.hidden = true;
            toggle(form, true);
        },
        close: button => toggle(button.form, false),
        undo: () => undo(item.dataset.id),
        "undo-last": () => undo(kept("last").id),
        reload: () => location.reload(),
        help: () => one("#help").showModal(),
        list: () => location.assign(listAddress()),
    };

    document.addEventListener("click", event => {
        const button = event.target.closest("[data-does]");
        if (!button) return;
        event.preventDefault();
        deeds[button.dataset.does](button);
    });

    document.addEventListener("submit", event => {
        const {verb} = event.target.dataset;
        if (!verb) return;
        event.preventDefault();
        decide(verb, Object.fromEntries(new FormData(event.target)));
    });

    // Keys

    const step = by => {
        const rows = all("[data-rows] [data-row]").filter(isShown);
        if (!rows.length) return item ? go(by) : undefined;
        const at = rows.indexOf(document.activeElement.closest("[data-row]"));
        const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
        if (!next) return say(by > 0 ? "This is the last one." : "This is the first one.");
        next.focus();
        next.scrollIntoView({block: "nearest"});
    };

    const inField = event => {
        const {form} = event.target;
        if (event.key === "Escape") {
            if (form?.dataset.verb) toggle(form, false);
            else event.target.blur();
        } else if (event.key === "Enter" && form?.dataset.verb
            && (event.ctrlKey || event.metaKey || ("enter" in event.target.dataset && !event.shiftKey))) {
            event.preventDefault();
            form.requestSubmit();
        }
    };

    document.addEventListener("keydown", event => {
        const {key} = event;
        if (event.isComposing || event.defaultPrevented) return;
        if (isField(event.target)) return inField(event);
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const help = one("#help");
        if (help.open) {
            if (key === "?") help.close();
            return;
        }
        if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
        if (key === "?") return help.showModal();
        const target = all("[data-key]")
            .filter(element => element.dataset.key === key && isShown(element)).pop();
        if (target) {
            event.preventDefault();
            target.focus();
            if (isField(target)) target.select();
            else target.click();
        } else if ("aerdx".includes(key) && one("[data-rows]")) {
            say("Open an item first, with Enter: a decision is bound to what you have seen.");
        } else if ("aerdxu12345".includes(key)) {
            say("There is nothing to do for this key here.");
        }
    });

    // Live updates

    const replace = (old, fresh) => {
        if (!fresh || old.isEqualNode(fresh)) return;
        if (old.id === "decision") {
            // Its hash must stay that of what is seen; what somebody is writing stays, and so does a panel
            // that would be the same but for its nonce.
            if (fresh.dataset.hash !== old.dataset.hash) {
                return complain("What you see has changed since you opened it.", true);
            }
            const text = part => part.textContent.replace(/\s+/g, " ");
            const isSame = text(old) === text(fresh) && old.dataset.state === fresh.dataset.state;
            if (isSame) return;
            if ("open" in old.dataset && !("open" in fresh.dataset)) {
                complain("Somebody else has dealt with this item: see the decision.", false);
            } else if (old.contains(document.activeElement) && isField(document.activeElement)) {
                return;
            }
        }
        const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
        const rating = one("input[name=rating]:checked", old)?.value;
        old.replaceWith(document.adoptNode(fresh));
        if (rating) one(`input[name=rating][value="${rating}"]`, fresh)?.click();
        if (focused) document.getElementById(focused)?.focus({preventScroll: true});
    };

    const remember = () => {
        if (!one("#list")) return;
        keep("search", location.search);
        keep("order", all("#list [data-row]").map(row => row.id.replace("row-", "")));
    };

    const refresh = async () => {
        const reply = await fetch(location.href, {credentials: "same-origin", cache: "no-store"});
        if (!reply.ok) return;
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        for (const part of all("[data-live]")) replace(part, page.getElementById(part.id));
        remember();
    };

    let planned = null;
    const plan = () => {
        planned ??= setTimeout(async () => {
            await refresh().catch(() => {});
            planned = null;
        }, 150);
    };

    const concerns = (event, data) => event.type === "run"
        ? document.body.dataset.run === data.run || Boolean(one("#runs"))
        : !item || data.items.includes(item.dataset.id);

    const listen = address => {
        const events = new EventSource(address);
        const lost = one("#connection");
        let warning = null;
        events.addEventListener("open", () => {
            clearTimeout(warning);
            // Something may have happened while nobody listened.
            if (!lost.hidden) plan();
            lost.hidden = true;
            document.body.dataset.connected = "";
        });
        events.addEventListener("error", () => {
            delete document.body.dataset.connected;
            clearTimeout(warning);
            warning = setTimeout(() => { lost.hidden = false; }, 2000);
        });
        const heard = event => { if (concerns(event, JSON.parse(event.data))) plan(); };
        events.addEventListener("change", heard);
        events.addEventListener("run", heard);
        addEventListener("pagehide", () => events.close());
    };

    // An item is kept for the one who looks at it, and let go when they leave.

    const hold = () => {
        const path = `/api/items/${item.dataset.id}/`;
        const claim = async () => {
            if (!panel()?.matches("[data-open]") || document.visibilityState !== "visible") return;
            const answer = await post(path + "claim");
            if (!answer.ok && answer.status === 409) complain(`You may have to wait: ${answer.error}.`, true);
        };
        addEventListener("pagehide", () => {
            if (panel()?.matches("[data-open]")) post(path + "release", {}, true);
        });
        setInterval(claim, 240_000);
        held = claim();
    };

    // The beginning

    const last = kept("last");
    if (last && item?.dataset.id !== last.id) {
        const text = `${pastTense[last.verb]}: “${shorten(last.claim)}”`;
        show(one("#last"), text);
        if (last.isNew) say(text);
        keep("last", {...last, isNew: false});
    }
    const said = kept("said");
    if (said) {
        say(said);
        drop("said");
    }
    remember();
    if (item && panel().matches("[data-open]")) hold();
    if (document.body.dataset.events && one("[data-live]")) listen(document.body.dataset.events);
    document.body.dataset.ready = "";
    // A page out of the browser's history shows what was there then.
    addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
})();
