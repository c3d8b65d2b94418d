"""Writes the pictures of this folder into the current one. See README.md."""
from PIL import Image, ImageCms, TiffImagePlugin
import imagecodecs, numpy as np, pillow_heif, png
pillow_heif.register_heif_opener()
W,H=64,48
im=Image.new('RGB',(W,H))
for x0,y0,c in [(0,0,(220,30,30)),(32,0,(30,200,40)),(0,24,(30,40,220)),(32,24,(250,250,250))]:
    im.paste(c,(x0,y0,x0+32,y0+24))
def exif(o):
    e=Image.Exif(); e[0x0112]=o; e[0x010f]='Samsung'
    e.get_ifd(0x8769).update({0x9003:'2026:11:23 10:15:00',0x9011:'+07:00'})
    R=TiffImagePlugin.IFDRational
    e.get_ifd(0x8825).update({1:'S',2:(R(7),R(42),R(36)),3:'E',4:(R(110),R(24),R(27))})
    return e
T=Image.Transpose
# what the sensor saw, for the picture to be upright after the orientation is applied
inv={1:None,2:T.FLIP_LEFT_RIGHT,3:T.ROTATE_180,4:T.FLIP_TOP_BOTTOM,5:T.TRANSPOSE,6:T.ROTATE_90,7:T.TRANSVERSE,8:T.ROTATE_270}
for o,t in inv.items():
    (im.transpose(t) if t is not None else im).save(f'orientation-{o}.jpg',quality=90,exif=exif(o))
im.save('progressive.jpg',quality=85,progressive=True,exif=exif(1))
im.save('chroma-420.jpg',quality=85,subsampling=2)
im.save('chroma-422-restart.jpg',quality=85,subsampling=1,restart_marker_blocks=2)
im.convert('L').save('grey.jpg',quality=85)
im.convert('CMYK').save('cmyk.jpg',quality=90)
a=np.asarray(im.convert('CMYK'))
open('ycck.jpg','wb').write(imagecodecs.jpeg8_encode(np.ascontiguousarray(255-a),level=90,colorspace='CMYK',outcolorspace='YCCK'))
open('rgb.jpg','wb').write(imagecodecs.jpeg8_encode(np.asarray(im),level=90,colorspace='RGB',outcolorspace='RGB'))
im.save('two-pictures.mpo',format='MPO',save_all=True,append_images=[im.resize((32,24))],quality=85)
srgb=ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()
im.save('icc.png',icc_profile=srgb)
im.quantize(4).save('palette.png')
im.convert('RGBA').save('exif.png',exif=exif(6))
rgb=np.asarray(im).astype(np.uint16)*257
with open('sixteen-bit.png','wb') as f: png.Writer(W,H,greyscale=False,bitdepth=16).write(f,rgb.reshape(H,-1).tolist())
with open('interlaced.png','wb') as f: png.Writer(W,H,greyscale=False,bitdepth=8,interlace=True).write(f,np.asarray(im).reshape(H,-1).tolist())
im.convert('LA').save('grey-alpha.png')
im.convert('1').save('one-bit.png')
im.save('lossy.webp',quality=80,exif=exif(6)); im.save('lossless.webp',lossless=True)
im.save('animated.webp',save_all=True,append_images=[im.transpose(T.ROTATE_180)],duration=100)
im.save('iphone.heic',quality=50); im.save('picture.avif',quality=50)
im.quantize(4).save('picture.gif')
im.resize((16,12)).save('picture.bmp'); im.resize((16,12)).save('picture.tiff',compression='tiff_lzw')
open('picture.jxl','wb').write(imagecodecs.jpegxl_encode(np.asarray(im),level=50))
open('picture.jp2','wb').write(imagecodecs.jpeg2k_encode(np.asarray(im),level=40))
