// The two answers by which a person settles a message in doubt.
import type { Visit } from '../../http/dashboard/page.ts'
import { PostForm } from './parts.tsx'

export function SettleButtons({ visit, page }: { visit: Visit; page: string }) {
  return (
    <PostForm visit={visit} action={`${page}/settle`} className="btns">
      <button className="btn" type="submit" name="sent" value="true">
        It was sent
      </button>
      <button className="btn" type="submit" name="sent" value="false">
        It was not sent
      </button>
    </PostForm>
  )
}
