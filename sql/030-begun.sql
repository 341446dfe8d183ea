-- What was begun and then left (its worker is gone) is found at once, however many others wait.

create index notifications_begun on notifications (due_at) where state in ('sending', 'unconfirmed');
